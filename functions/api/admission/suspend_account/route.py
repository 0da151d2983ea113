"""POST /v1/people/{account}/suspend."""

from fastapi import APIRouter, Response

from domain.application.admission.suspend_account import SuspendAccountRequest, SuspendAccountResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.person import PersonResponse
from functions.adapter.in_.http.schemas import EmptyBody


def create_router(suspend_account: UseCase[SuspendAccountRequest, SuspendAccountResult]) -> APIRouter:
    """Change the account and show it as admins see it."""

    async def endpoint(
        response: Response,
        account: str,
        caller: SignedInCaller,
        idempotency: OptionalKey,
        body: EmptyBody | None = None,
    ) -> PersonResponse:
        result = await suspend_account.execute(SuspendAccountRequest(caller, account, idempotency))
        mark_replay(response, replayed=result.replayed)
        return PersonResponse.of(result.account)

    return endpoint_router("suspend_account", endpoint)
