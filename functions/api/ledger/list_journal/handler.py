"""GET /v1/portfolio/journal, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.list_journal.route import create_router
from functions.config.dynamodb import container

handler = http_handler("list_journal", create_router(container().list_journal))
