"""POST /v1/markets/{slug}/reopen, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.reopen_market.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.reopen_market import reopen_market

handler = http_handler("reopen_market", create_route(reopen_market(ports())), rate_limits=rate_limits())
