"""POST /v1/markets/{slug}/void, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.void_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.void_market import void_market

handler = http_handler("void_market", create_route(void_market(ports())), rate_limits=rate_limits())
