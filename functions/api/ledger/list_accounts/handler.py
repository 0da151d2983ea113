"""GET /v1/accounts, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.list_accounts.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.list_accounts import list_accounts

handler = http_handler("list_accounts", create_route(list_accounts(ports())), rate_limits=rate_limits())
