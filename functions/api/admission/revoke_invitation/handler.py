"""DELETE /v1/invitations/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.revoke_invitation.route import create_router
from functions.config.dynamodb import container

handler = http_handler("revoke_invitation", create_router(container().revoke_invitation))
