"""POST /v1/markets/{slug}/orders, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.place_order.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.place_order import place_order

handler = http_handler("place_order", create_route(place_order(ports())), rate_limits=rate_limits())
