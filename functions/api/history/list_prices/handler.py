"""GET /v1/markets/{slug}/prices, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.history.list_prices.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.history.list_prices import list_prices

handler = http_handler("list_prices", create_route(list_prices(ports())), rate_limits=rate_limits())
