"""GET /v1/me, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.get_me.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.get_me import get_me

handler = http_handler("get_me", create_route(get_me(ports())), rate_limits=rate_limits())
