"""POST /v1/me/revoke-credentials, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.revoke_my_credentials.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.revoke_my_credentials import revoke_my_credentials

handler = http_handler("revoke_my_credentials", create_route(revoke_my_credentials(ports())), rate_limits=rate_limits())
