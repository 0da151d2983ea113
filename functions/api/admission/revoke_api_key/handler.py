"""DELETE /v1/api-keys/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.revoke_api_key.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.revoke_api_key import revoke_api_key

handler = http_handler("revoke_api_key", create_route(revoke_api_key(ports())), rate_limits=rate_limits())
