"""POST /v1/people/{account}/restore, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.restore_account.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.restore_account import restore_account

handler = http_handler("restore_account", create_route(restore_account(ports())), rate_limits=rate_limits())
