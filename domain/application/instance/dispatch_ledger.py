"""Ring for the workers that want the events in new records of the ledger."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from domain.event.market_events import EventType, MarketChanged, type_of_event
from domain.model.ledger.journal import JournalEntry
from domain.port.out.doorbell import Doorbell, Ring

type LedgerRecord = JournalEntry | MarketChanged


class Subscription(NamedTuple):
    """The events that those who answer one doorbell want.

    Args:
        doorbell: rings for them.
        events: the types of the events.
    """

    doorbell: Doorbell
    events: frozenset[EventType]


class DispatchLedgerRequest(NamedTuple):
    """Records as the ledger's stream delivers them: in any order, some more than once."""

    records: Sequence[LedgerRecord]


class DispatchLedgerResult(NamedTuple):
    """How many rings there were."""

    rings: int


class DispatchLedger:
    """Rings every subscription once for each market and occasion of a batch.

    Args:
        subscriptions: who wants which events.
    """

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        self._subscriptions = tuple(subscriptions)

    async def execute(self, request: DispatchLedgerRequest) -> DispatchLedgerResult:
        """Ring for every market to which something happened that a subscription wants.

        Raises:
            RingLostError: a ring was lost. Deliver the records again; ringing twice is harmless.
        """
        count = 0
        for subscription in self._subscriptions:
            if rings := _rings(subscription, request.records):
                await subscription.doorbell.ring(rings)
                count += len(rings)
        return DispatchLedgerResult(count)


def _rings(subscription: Subscription, records: Sequence[LedgerRecord]) -> list[Ring]:
    """The rings of a batch: the latest event of each market is an occasion."""
    latest: dict[str, tuple[int, int]] = {}
    for record in records:
        if type_of_event(record) not in subscription.events:
            continue
        slug, place = _market(record), (record.version or 0, record.revision or 0)
        latest[slug] = max(place, latest.get(slug, place))
    return [Ring(slug, f"version {version} revision {revision}") for slug, (version, revision) in latest.items()]


def _market(record: LedgerRecord) -> str:
    if record.market is None:
        raise ValueError("an event belongs to a market")
    return record.market
