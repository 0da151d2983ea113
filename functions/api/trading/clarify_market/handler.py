"""POST /v1/markets/{slug}/clarifications, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.clarify_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.clarify_market import clarify_market

handler = http_handler("clarify_market", create_route(clarify_market(ports())), rate_limits=rate_limits())
