"""GET /v1/portfolio, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.get_portfolio.route import create_router
from functions.config.dynamodb import container

handler = http_handler("get_portfolio", create_router(container().get_portfolio))
