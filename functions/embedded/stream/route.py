"""GET /v1/markets/{slug}/stream."""

from http import HTTPStatus
from typing import Annotated

from pydantic import Field

from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.event import After, Position
from functions.adapter.in_.http.messages import Answer
from functions.adapter.in_.http.parameters import FromHeader
from functions.embedded.stream.feeds import Feeds
from functions.embedded.stream.response import EventStream
from functions.registry import Access, Http

# The OpenAPI document describes what every instance has: Lambda cannot stream.
STREAM = Http(
    "GET", "/v1/markets/{slug}/stream", Access.OPTIONAL, HTTPStatus.OK, "Follow what happens to it", "Markets"
)

LastEventId = Annotated[
    Position | None,
    FromHeader("Last-Event-ID"),
    Field(description="The position of the last event received; it wins over `after`."),
]


def create_route(get_market: UseCase[GetMarketRequest, GetMarketResult], feeds: Feeds) -> Route:
    """The route over the feeds; whoever may not read the market gets the problem instead of a stream."""

    async def endpoint(
        *, slug: str, caller: OptionalCaller, after: After = 0, last_event_id: LastEventId = None
    ) -> Answer:
        market, book = (await get_market.execute(GetMarketRequest(slug, caller))).listing
        position = 0 if market.status is MarketStatus.DRAFT else book.position
        start = after if last_event_id is None else last_event_id
        feeds.require_room()
        return EventStream(lambda cut_off: feeds.follow(slug, position, start, cut_off))

    return Route("stream_events", STREAM, endpoint, is_described=False)
