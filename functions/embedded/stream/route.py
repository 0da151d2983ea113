"""GET /v1/markets/{slug}/stream."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Response

from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import trigger_router
from functions.adapter.in_.http.event import After, Position
from functions.embedded.stream.feeds import Feeds
from functions.embedded.stream.response import EventStream
from functions.registry import Access, Http

# The OpenAPI document describes what every instance has: Lambda cannot stream.
STREAM = Http(
    "GET", "/v1/markets/{slug}/stream", Access.OPTIONAL, HTTPStatus.OK, "Follow what happens to it", "Markets"
)

LastEventId = Annotated[
    Position | None,
    Header(alias="Last-Event-ID", description="The position of the last event received; it wins over `after`."),
]


def create_router(get_market: UseCase[GetMarketRequest, GetMarketResult], feeds: Feeds) -> APIRouter:
    """The route over the feeds; whoever may not read the market gets the problem instead of a stream."""

    async def endpoint(
        *, slug: str, caller: OptionalCaller, after: After = 0, last_event_id: LastEventId = None
    ) -> Response:
        market, book = (await get_market.execute(GetMarketRequest(slug, caller))).listing
        position = 0 if market.status is MarketStatus.DRAFT else book.position
        start = after if last_event_id is None else last_event_id
        feeds.require_room()
        return EventStream(lambda cut_off: feeds.follow(slug, position, start, cut_off))

    return trigger_router("stream_events", STREAM, endpoint, is_described=False)
