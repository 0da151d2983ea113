"""GET /v1/markets/{slug}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.get_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.get_market import get_market

handler = http_handler("get_market", create_route(get_market(ports())), rate_limits=rate_limits())
