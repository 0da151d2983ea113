"""GET /v1/markets/{slug}/holders, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.list_holders.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.list_holders import list_holders

handler = http_handler("list_holders", create_route(list_holders(ports())), rate_limits=rate_limits())
