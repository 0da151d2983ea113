"""DELETE /v1/invitations/{id}."""

from fastapi import APIRouter

from domain.application.admission.revoke_invitation import RevokeInvitationRequest, RevokeInvitationResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(revoke_invitation: UseCase[RevokeInvitationRequest, RevokeInvitationResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> None:
        await revoke_invitation.execute(RevokeInvitationRequest(caller, id))

    return endpoint_router("revoke_invitation", endpoint)
