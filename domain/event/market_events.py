"""What happens to markets: lifecycle records as they are stored, and the one envelope of all public events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.model.kernel.notation import format_time
from domain.model.kernel.record import record
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import Market, MarketStatus, Resolution, resolution_document
from domain.model.trading.trade import Trade, trade_document


class EventType(Enum):
    """What an event of a published market is; all but a trade are changes of the market itself."""

    PUBLISHED = "market.published"
    CLOSED = "market.closed"
    REOPENED = "market.reopened"
    CLARIFIED = "market.clarified"
    RESOLVING = "market.resolving"
    WITHDRAWN = "market.withdrawn"
    RESOLVED = "market.resolved"
    VOIDED = "market.voided"
    TRADE = "trade"


@record("market_changed", key=("market", "revision"), in_ledger=True)
@dataclass(frozen=True, slots=True)
class MarketChanged:
    """A market came to a new revision.

    Args:
        market: the market's slug.
        revision: the revision it came to.
        status: the status it has since.
        actor: the account that did it, None for the system.
        occurred_at: when it happened.
        version: how many trades the market had by then.
        closes_at: when it closes since.
        resolution: what is decided since.
        clarification: the text, of a clarification.
        type: what happened; None where a draft was made, and in records of releases that did not say.
    """

    market: str
    revision: int
    status: MarketStatus
    actor: str | None
    occurred_at: datetime
    version: int = 0
    closes_at: datetime | None = None
    resolution: Resolution | None = None
    clarification: str | None = None
    type: EventType | None = None


@dataclass(frozen=True, slots=True)
class MarketEvent:
    """One public change of a published market.

    Args:
        market: the market's slug.
        position: its number among all events of the market, from 1, without gaps.
        type: what happened.
        created_at: when.
        data: the trade, or the market as it is after any other change.
    """

    market: str
    position: int
    type: EventType
    created_at: datetime
    data: Trade | MarketChanged


def market_changed(
    market: Market,
    type_: EventType | None,
    actor: str | None,
    now: datetime,
    *,
    version: int = 0,
) -> MarketChanged:
    """The record of a market having come to its present revision.

    Args:
        market: the market as it is since.
        type_: what happened; None for a new draft, which nobody is told about.
        actor: the account that did it, None for the system.
        now: when.
        version: how many trades it has.
    """
    return MarketChanged(
        market=market.slug,
        revision=market.revision,
        status=market.status,
        actor=actor,
        occurred_at=now,
        version=version,
        closes_at=market.closes_at,
        resolution=market.resolution,
        clarification=market.clarifications[-1].text if type_ is EventType.CLARIFIED else None,
        type=type_,
    )


def type_of_event(stored: JournalEntry | MarketChanged) -> EventType | None:
    """What a record of the ledger tells the public; None for what the public is not told."""
    if isinstance(stored, MarketChanged):
        return stored.type
    return EventType.TRADE if stored.trade else None


def event_of(stored: JournalEntry | MarketChanged, origin: int) -> MarketEvent | None:
    """The event that a record of the ledger is; None for what the public is not told.

    Args:
        stored: an entry or a lifecycle record of one market.
        origin: that of the market's book.
    """
    if isinstance(stored, JournalEntry):
        if stored.trade is None or stored.revision is None:
            return None
        trade = stored.trade
        position = trade.version + stored.revision - origin
        return MarketEvent(trade.market, position, EventType.TRADE, trade.created_at, trade)
    if stored.type is None:
        return None
    position = stored.version + stored.revision - origin
    return MarketEvent(stored.market, position, stored.type, stored.occurred_at, stored)


def consecutive(found: Iterable[MarketEvent], after: int, limit: int) -> Sequence[MarketEvent]:
    """Those of some events, in their order, that follow a position without a gap; at most so many."""
    events = list[MarketEvent]()
    for event in found:
        if event.position <= after:
            continue
        if event.position != after + len(events) + 1 or len(events) == limit:
            break
        events.append(event)
    return events


def event_document(event: MarketEvent, outcomes: Sequence[str]) -> dict[str, object]:
    """The event as everybody is shown it.

    Args:
        event: the event.
        outcomes: the names of its market's outcomes, in order.
    """
    data = event.data
    return {
        "market": event.market,
        "position": event.position,
        "type": event.type.value,
        "created_at": format_time(event.created_at),
        "data": trade_document(data) if isinstance(data, Trade) else _state_document(data, outcomes),
    }


def _state_document(change: MarketChanged, outcomes: Sequence[str]) -> dict[str, object]:
    return {
        "status": change.status.value,
        "closes_at": format_time(change.closes_at) if change.closes_at else None,
        "resolution": change.resolution and resolution_document(change.resolution, outcomes),
        "clarification": change.clarification,
    }
