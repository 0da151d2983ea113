"""Ring for the workers that want the events in new records of the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.event.market_events import EventType, MarketChanged, type_of_event
from domain.model.ledger.journal import JournalEntry
from domain.port.out.doorbell import Doorbell, Ring

type LedgerRecord = JournalEntry | MarketChanged

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Subscription:
    """The events that the workers of one queue want.

    Args:
        doorbell: rings for these workers.
        events: the types of the events.
        gathering: the doorbell is answered that much later, so the events of one market within that time are one
            occasion; zero for no delay.
    """

    doorbell: Doorbell
    events: frozenset[EventType]
    gathering: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class DispatchLedgerRequest:
    """Records as the ledger's stream delivers them: in any order, some more than once."""

    records: Sequence[LedgerRecord]


@dataclass(frozen=True, slots=True)
class DispatchLedgerResult:
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
    """The rings of a batch, equal ones folded. Without a delay only the latest event of each market is an occasion."""
    wanted = [record for record in records if type_of_event(record) in subscription.events]
    if subscription.gathering:
        return list(dict.fromkeys(_gathered(record, subscription.gathering) for record in wanted))
    latest: dict[str, tuple[int, int]] = {}
    for record in wanted:
        slug, place = _market(record), (record.version or 0, record.revision or 0)
        latest[slug] = max(place, latest.get(slug, place))
    return [Ring(slug, f"version {version} revision {revision}") for slug, (version, revision) in latest.items()]


def _gathered(record: LedgerRecord, gathering: timedelta) -> Ring:
    happened_at = record.occurred_at if isinstance(record, MarketChanged) else record.created_at
    return Ring(_market(record), f"events of {(happened_at - _EPOCH) // gathering}")


def _market(record: LedgerRecord) -> str:
    if record.market is None:
        raise ValueError("an event belongs to a market")
    return record.market
