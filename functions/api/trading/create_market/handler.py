"""POST /v1/markets, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.create_market.route import create_router
from functions.config.dynamodb import container

handler = http_handler("create_market", create_router(container().create_market))
