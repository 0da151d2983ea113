"""POST /v1/markets/{slug}/close, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.close_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.close_market import close_market

handler = http_handler("close_market", create_route(close_market(ports())), rate_limits=rate_limits())
