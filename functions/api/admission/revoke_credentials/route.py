"""POST /v1/people/{account}/revoke-credentials."""

from domain.application.admission.revoke_credentials import RevokeCredentialsRequest, RevokeCredentialsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(revoke_credentials: UseCase[RevokeCredentialsRequest, RevokeCredentialsResult]) -> Route:
    """Void every session, key and link of the account that was made before."""

    async def endpoint(
        response: Response,
        account: str,
        caller: SignedInCaller,
        idempotency: OptionalKey,
        body: EmptyBody | None = None,
    ) -> None:
        result = await revoke_credentials.execute(RevokeCredentialsRequest(caller, account, idempotency))
        mark_replay(response, replayed=result.replayed)

    return endpoint_route("revoke_credentials", endpoint)
