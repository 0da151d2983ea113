"""POST /v1/markets/{slug}/close, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.close_market.route import create_router
from functions.config.dynamodb import container

handler = http_handler("close_market", create_router(container().close_market))
