"""POST /v1/people/{account}/suspend, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.suspend_account.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.suspend_account import suspend_account

handler = http_handler("suspend_account", create_route(suspend_account(ports())), rate_limits=rate_limits())
