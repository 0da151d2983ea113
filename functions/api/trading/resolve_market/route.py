"""POST /v1/markets/{slug}/resolve."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import ConfigDict, Field

from domain.application.trading.resolve_market import ResolveMarketRequest, ResolveMarketResult
from domain.model.trading.market import MAX_RESOLUTION_REASON
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.decimal_string import PAYOUT
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import Alternative, OutcomeName, RequestBody, Text, publish_alternatives


class ResolveMarketBody(RequestBody):
    """What happened: the outcome, or what one share of each outcome pays, in all exactly 1; and why, if you like."""

    model_config = ConfigDict(
        json_schema_extra=publish_alternatives(
            Alternative("ResolutionByOutcome", "outcome", "payouts"),
            Alternative("ResolutionByPayouts", "payouts", "outcome"),
        )
    )

    outcome: OutcomeName | None = Field(default=None, examples=["YES"])
    payouts: dict[str, Annotated[int, PAYOUT]] | None = Field(default=None)
    reason: Text | None = Field(default=None, min_length=1, max_length=MAX_RESOLUTION_REASON)

    def decision(self) -> str | Mapping[str, int]:
        """What the domain calls it.

        Raises:
            ProblemError: it says both, or neither.
        """
        if self.outcome is not None and self.payouts is None:
            return self.outcome
        if self.payouts is not None and self.outcome is None:
            return self.payouts
        raise invalid("outcome", "give either outcome or payouts")


def create_route(resolve_market: UseCase[ResolveMarketRequest, ResolveMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: ResolveMarketBody
    ) -> MarketResponse:
        request = ResolveMarketRequest(caller, slug, body.decision(), idempotency, body.reason)
        result = await resolve_market.execute(request)
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("resolve_market", endpoint)
