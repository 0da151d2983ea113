"""DELETE /v1/invitations/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.revoke_invitation.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.revoke_invitation import revoke_invitation

handler = http_handler("revoke_invitation", create_route(revoke_invitation(ports())), rate_limits=rate_limits())
