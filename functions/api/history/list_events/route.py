"""GET /v1/markets/{slug}/events."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.application.history.list_events import ListEventsRequest, ListEventsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.event import After, EventResponse
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import ResponseBody

LONGEST_PAGE = 500
DEFAULT_PAGE = 100
_UNCHANGING = "public, max-age=86400"
"""A full page never changes. A day, since an operator may put an instance back to an earlier state."""


def _read_limit(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch("[1-9][0-9]{0,2}", text, re.ASCII):
        raise ValueError(f"must be an integer from 1 to {LONGEST_PAGE}")
    return text


EventLimit = Annotated[
    int, Field(ge=1, le=LONGEST_PAGE, description="How many events at most."), BeforeValidator(_read_limit)
]


class EventsResponse(ResponseBody):
    """A page of events, oldest first; ``position`` is what to ask the next page with as ``after``."""

    events: list[EventResponse]
    position: int


def create_route(list_events: UseCase[ListEventsRequest, ListEventsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *, response: Response, slug: str, caller: OptionalCaller, after: After = 0, limit: EventLimit = DEFAULT_PAGE
    ) -> EventsResponse:
        result = await list_events.execute(ListEventsRequest(slug, after, limit, caller))
        if len(result.events) == limit:
            response.headers["Cache-Control"] = _UNCHANGING
        events = [EventResponse.of(event, result.outcomes) for event in result.events]
        return EventsResponse(events=events, position=events[-1].position if events else after)

    return endpoint_route("list_events", endpoint)
