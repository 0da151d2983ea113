"""POST /v1/markets/{slug}/publish."""

from domain.application.trading.publish_market import PublishMarketRequest, PublishMarketResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import EmptyBody


def create_route(publish_market: UseCase[PublishMarketRequest, PublishMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: EmptyBody | None = None
    ) -> MarketResponse:
        result = await publish_market.execute(PublishMarketRequest(caller, slug, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("publish_market", endpoint)
