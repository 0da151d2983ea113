"""POST /v1/people/{account}/revoke-credentials, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.revoke_credentials.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.revoke_credentials import revoke_credentials

handler = http_handler("revoke_credentials", create_route(revoke_credentials(ports())), rate_limits=rate_limits())
