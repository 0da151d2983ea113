"""POST /v1/markets/{slug}/void."""

from pydantic import Field

from domain.application.trading.void_market import VoidMarketRequest, VoidMarketResult
from domain.model.trading.market import MAX_REASON
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import RequestBody, Text


class VoidMarketBody(RequestBody):
    """Why it is called off."""

    reason: Text = Field(min_length=1, max_length=MAX_REASON, examples=["The match was cancelled."])


def create_route(void_market: UseCase[VoidMarketRequest, VoidMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: VoidMarketBody
    ) -> MarketResponse:
        result = await void_market.execute(VoidMarketRequest(caller, slug, body.reason, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("void_market", endpoint)
