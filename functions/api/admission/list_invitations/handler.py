"""GET /v1/invitations, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.list_invitations.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.list_invitations import list_invitations

handler = http_handler("list_invitations", create_route(list_invitations(ports())), rate_limits=rate_limits())
