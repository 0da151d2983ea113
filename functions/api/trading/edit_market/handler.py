"""PATCH /v1/markets/{slug}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.edit_market.route import create_router
from functions.config.dynamodb import container

handler = http_handler("edit_market", create_router(container().edit_market))
