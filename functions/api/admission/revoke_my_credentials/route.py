"""POST /v1/me/revoke-credentials."""

from domain.application.admission.revoke_my_credentials import RevokeMyCredentialsRequest, RevokeMyCredentialsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(revoke_my_credentials: UseCase[RevokeMyCredentialsRequest, RevokeMyCredentialsResult]) -> Route:
    """Void every session, key and link of the account that was made before."""

    async def endpoint(
        response: Response, caller: SignedInCaller, idempotency: OptionalKey, body: EmptyBody | None = None
    ) -> None:
        result = await revoke_my_credentials.execute(RevokeMyCredentialsRequest(caller, idempotency))
        mark_replay(response, replayed=result.replayed)

    return endpoint_route("revoke_my_credentials", endpoint)
