"""POST /v1/people/{account}/forget."""

from typing import Self

from domain.application.admission.forget_account import ForgetAccountRequest, ForgetAccountResult
from domain.model.admission.forgetting import Forgetting
from domain.model.kernel.notation import format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody, ResponseBody, Time


class RemovedResponse(ResponseBody):
    """How many were removed."""

    comments: int
    drafts: int
    api_keys: int
    webhooks: int
    sign_in_links: int


class ForgottenResponse(ResponseBody):
    """What was removed besides the name and every session. The id stays in the ledger, with what it did there."""

    account: str
    forgotten_at: Time
    removed: RemovedResponse

    @classmethod
    def of(cls, forgetting: Forgetting) -> Self:
        """The answer once all of it is done."""
        removed = forgetting.removed
        return cls(
            account=forgetting.account,
            forgotten_at=format_time(forgetting.begun_at),
            removed=RemovedResponse(
                comments=removed.comments,
                drafts=removed.drafts,
                api_keys=removed.api_keys,
                webhooks=removed.webhooks,
                sign_in_links=removed.sign_in_links,
            ),
        )


def create_route(forget_account: UseCase[ForgetAccountRequest, ForgetAccountResult]) -> Route:
    """Forget the account, and say what was removed."""

    async def endpoint(
        response: Response,
        account: str,
        caller: SignedInCaller,
        idempotency: OptionalKey,
        body: EmptyBody | None = None,
    ) -> ForgottenResponse:
        result = await forget_account.execute(ForgetAccountRequest(caller, account, idempotency))
        mark_replay(response, replayed=result.replayed)
        return ForgottenResponse.of(result.forgetting)

    return endpoint_route("forget_account", endpoint)
