"""GET /v1/orders/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.get_order.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.get_order import get_order

handler = http_handler("get_order", create_route(get_order(ports())), rate_limits=rate_limits())
