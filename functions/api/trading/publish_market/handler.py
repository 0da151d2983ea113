"""POST /v1/markets/{slug}/publish, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.publish_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.publish_market import publish_market

handler = http_handler("publish_market", create_route(publish_market(ports())), rate_limits=rate_limits())
