"""POST /v1/invitations, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.create_invitation.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.create_invitation import create_invitation

handler = http_handler("create_invitation", create_route(create_invitation(ports())), rate_limits=rate_limits())
