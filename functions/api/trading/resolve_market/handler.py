"""POST /v1/markets/{slug}/resolve, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.resolve_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.resolve_market import resolve_market

handler = http_handler("resolve_market", create_route(resolve_market(ports())), rate_limits=rate_limits())
