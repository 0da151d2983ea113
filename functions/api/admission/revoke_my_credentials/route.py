"""POST /v1/me/revoke-credentials."""

from fastapi import APIRouter, Response

from domain.application.admission.revoke_my_credentials import RevokeMyCredentialsRequest, RevokeMyCredentialsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.schemas import EmptyBody


def create_router(revoke_my_credentials: UseCase[RevokeMyCredentialsRequest, RevokeMyCredentialsResult]) -> APIRouter:
    """Void every session, key and link of the account that was made before."""

    async def endpoint(
        response: Response, caller: SignedInCaller, idempotency: OptionalKey, body: EmptyBody | None = None
    ) -> None:
        result = await revoke_my_credentials.execute(RevokeMyCredentialsRequest(caller, idempotency))
        mark_replay(response, replayed=result.replayed)

    return endpoint_router("revoke_my_credentials", endpoint)
