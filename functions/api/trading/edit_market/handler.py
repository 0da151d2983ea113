"""PATCH /v1/markets/{slug}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.edit_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.edit_market import edit_market

handler = http_handler("edit_market", create_route(edit_market(ports())), rate_limits=rate_limits())
