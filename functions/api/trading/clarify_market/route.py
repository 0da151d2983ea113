"""POST /v1/markets/{slug}/clarifications."""

from pydantic import Field

from domain.application.trading.clarify_market import ClarifyMarketRequest, ClarifyMarketResult
from domain.model.trading.market import MAX_CLARIFICATION
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, Text


class ClarifyMarketBody(RequestBody):
    """What to add to the rules."""

    text: Text = Field(min_length=1, max_length=MAX_CLARIFICATION, examples=["Snow counts as rain."])


def create_route(clarify_market: UseCase[ClarifyMarketRequest, ClarifyMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: ClarifyMarketBody
    ) -> MarketResponse:
        result = await clarify_market.execute(ClarifyMarketRequest(caller, slug, body.text, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("clarify_market", endpoint)
