"""POST /v1/markets/{slug}/resolve, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.resolve_market.route import create_router
from functions.config.dynamodb import ports
from functions.config.wiring.trading.resolve_market import resolve_market

handler = http_handler("resolve_market", create_router(resolve_market(ports())))
