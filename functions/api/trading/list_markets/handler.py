"""GET /v1/markets, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.list_markets.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.list_markets import list_markets

handler = http_handler("list_markets", create_route(list_markets(ports())), rate_limits=rate_limits())
