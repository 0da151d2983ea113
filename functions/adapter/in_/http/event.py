"""Events as answers show them, and the positions that requests name."""

import re
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, WithJsonSchema

from domain.event.market_events import EventType, MarketEvent, event_document
from domain.model.trading.market import MarketStatus
from functions.adapter.in_.http.market import ResolutionResponse
from functions.adapter.in_.http.schemas import ResponseBody, Time
from functions.adapter.in_.http.trade import TradeResponse

LARGEST_POSITION = 2**53 - 1
"""What every JSON reader can hold exactly; no market comes near it."""


def read_position(text: object) -> object:
    """The position that a parameter or header names.

    Raises:
        ValueError: it names none.
    """
    if not isinstance(text, str):
        return text
    if not re.fullmatch("0|[1-9][0-9]{0,15}", text, re.ASCII) or int(text) > LARGEST_POSITION:
        raise ValueError(f"must be an integer from 0 to {LARGEST_POSITION}")
    return int(text)


Position = Annotated[
    int,
    BeforeValidator(read_position),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": LARGEST_POSITION}),
]
After = Annotated[Position, Field(description="Only events with a position above this one.")]


class MarketStateResponse(ResponseBody):
    """A market as it is after an event that is no trade."""

    status: MarketStatus
    closes_at: Time | None
    resolution: ResolutionResponse | None
    clarification: str | None


class EventResponse(ResponseBody):
    """One public change of a published market; ``data`` is the trade, or the market as it is after anything else."""

    market: str
    position: int
    type: EventType
    created_at: Time
    data: TradeResponse | MarketStateResponse

    @classmethod
    def of(cls, event: MarketEvent, outcomes: Sequence[str]) -> Self:
        """The answer for an event of a market with these outcomes."""
        return cls.model_validate(event_document(event, outcomes))
