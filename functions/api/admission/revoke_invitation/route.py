"""DELETE /v1/invitations/{id}."""

from domain.application.admission.revoke_invitation import RevokeInvitationRequest, RevokeInvitationResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(revoke_invitation: UseCase[RevokeInvitationRequest, RevokeInvitationResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> None:
        await revoke_invitation.execute(RevokeInvitationRequest(caller, id))

    return endpoint_route("revoke_invitation", endpoint)
