"""POST /v1/people/{account}/forget, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.forget_account.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.forget_account import forget_account

handler = http_handler("forget_account", create_route(forget_account(ports())), rate_limits=rate_limits())
