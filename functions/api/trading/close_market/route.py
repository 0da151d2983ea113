"""POST /v1/markets/{slug}/close."""

from domain.application.trading.close_market import CloseMarketRequest, CloseMarketResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(close_market: UseCase[CloseMarketRequest, CloseMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: EmptyBody | None = None
    ) -> MarketResponse:
        result = await close_market.execute(CloseMarketRequest(caller, slug, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("close_market", endpoint)
