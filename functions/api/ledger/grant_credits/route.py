"""POST /v1/accounts/{account}/grants."""

from typing import Annotated

from pydantic import Field

from domain.application.ledger.grant_credits import GrantCreditsRequest, GrantCreditsResult
from domain.model.kernel.money import Money
from domain.model.trading.market import MAX_REASON
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.decimal_string import POSITIVE
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.entry import JournalEntryResponse
from functions.adapter.in_.http.idempotency import RequiredKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, Text


class GrantCreditsBody(RequestBody):
    """How much, and why."""

    amount: Annotated[int, POSITIVE] = Field(examples=["250"])
    reason: Text = Field(min_length=1, max_length=MAX_REASON, examples=["Won the quiz."])


def create_route(grant_credits: UseCase[GrantCreditsRequest, GrantCreditsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, account: str, caller: SignedInCaller, idempotency: RequiredKey, body: GrantCreditsBody
    ) -> JournalEntryResponse:
        request = GrantCreditsRequest(caller, account, Money(body.amount), body.reason, idempotency)
        result = await grant_credits.execute(request)
        mark_replay(response, replayed=result.replayed)
        return JournalEntryResponse.of(result.entry)

    return endpoint_route("grant_credits", endpoint)
