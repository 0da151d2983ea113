"""POST /v1/markets/{slug}/reopen."""

from typing import ClassVar

from domain.application.trading.reopen_market import ReopenMarketRequest, ReopenMarketResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import Instant, RequestBody


class ReopenMarketBody(RequestBody):
    """When it closes again; null for until closed by hand."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"closes_at"})

    closes_at: Instant | None


def create_route(reopen_market: UseCase[ReopenMarketRequest, ReopenMarketResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        response: Response, slug: str, caller: SignedInCaller, idempotency: OptionalKey, body: ReopenMarketBody
    ) -> MarketResponse:
        result = await reopen_market.execute(ReopenMarketRequest(caller, slug, body.closes_at, idempotency))
        mark_replay(response, replayed=result.replayed)
        return MarketResponse.of(result.listing)

    return endpoint_route("reopen_market", endpoint)
