"""GET /v1/portfolio/journal, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.list_journal.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.list_journal import list_journal

handler = http_handler("list_journal", create_route(list_journal(ports())), rate_limits=rate_limits())
