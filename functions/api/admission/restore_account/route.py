"""POST /v1/people/{account}/restore."""

from domain.application.admission.restore_account import RestoreAccountRequest, RestoreAccountResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.person import PersonResponse
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(restore_account: UseCase[RestoreAccountRequest, RestoreAccountResult]) -> Route:
    """Change the account and show it as admins see it."""

    async def endpoint(
        response: Response,
        account: str,
        caller: SignedInCaller,
        idempotency: OptionalKey,
        body: EmptyBody | None = None,
    ) -> PersonResponse:
        result = await restore_account.execute(RestoreAccountRequest(caller, account, idempotency))
        mark_replay(response, replayed=result.replayed)
        return PersonResponse.of(result.account)

    return endpoint_route("restore_account", endpoint)
