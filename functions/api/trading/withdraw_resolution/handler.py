"""POST /v1/markets/{slug}/withdraw-resolution, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.withdraw_resolution.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.withdraw_resolution import withdraw_resolution

handler = http_handler("withdraw_resolution", create_route(withdraw_resolution(ports())), rate_limits=rate_limits())
