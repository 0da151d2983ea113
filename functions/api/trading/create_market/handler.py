"""POST /v1/markets, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.create_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.create_market import create_market

handler = http_handler("create_market", create_route(create_market(ports())), rate_limits=rate_limits())
