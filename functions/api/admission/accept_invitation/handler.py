"""POST /v1/invitations/accept, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.accept_invitation.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.accept_invitation import accept_invitation

handler = http_handler("accept_invitation", create_route(accept_invitation(ports())), rate_limits=rate_limits())
