from collections.abc import Sequence

import pytest

from domain.application.instance.dispatch_ledger import DispatchLedger, DispatchLedgerRequest
from domain.event.market_events import MarketChanged
from domain.model.trading.market import MarketStatus
from domain.port.out.doorbell import Ring, RingLostError
from tests.fakes.clock import START


class RecordingDoorbell:
    """A doorbell that remembers each time it was rung."""

    def __init__(self) -> None:
        self.calls: list[list[Ring]] = []

    async def ring(self, rings: Sequence[Ring]) -> None:
        self.calls.append(list(rings))


class BrokenDoorbell:
    """A doorbell that nobody hears."""

    async def ring(self, rings: Sequence[Ring]) -> None:
        raise RingLostError("nobody hears")


def _changed(slug: str, revision: int, status: MarketStatus) -> MarketChanged:
    return MarketChanged(slug, revision, status, "ann", START)


def _decided(slug: str, revision: int = 2) -> MarketChanged:
    return _changed(slug, revision, MarketStatus.SETTLING)


async def test_rings_for_decided_markets() -> None:
    """All markets of a batch that were decided are rung for at once, and counted."""
    doorbell = RecordingDoorbell()
    request = DispatchLedgerRequest([_decided("rain"), _decided("snow", 5)])
    result = await DispatchLedger(doorbell, RecordingDoorbell()).execute(request)
    assert [[ring.market for ring in rings] for rings in doorbell.calls] == [["rain", "snow"]]
    assert result.rings == 2


@pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.SETTLING])
async def test_passes_over_other_changes(status: MarketStatus) -> None:
    """A change to any other status concerns no worker: the bell is not even touched."""
    doorbell = RecordingDoorbell()
    result = await DispatchLedger(doorbell, RecordingDoorbell()).execute(
        DispatchLedgerRequest([_changed("rain", 1, status)])
    )
    assert (result.rings, doorbell.calls) == (0, [])


async def test_nothing_changed() -> None:
    """Without changes there is nothing to ring for."""
    doorbell = RecordingDoorbell()
    result = await DispatchLedger(doorbell, RecordingDoorbell()).execute(DispatchLedgerRequest([]))
    assert (result.rings, doorbell.calls) == (0, [])


async def test_decided_ones_among_others() -> None:
    """Of a mixed batch in any order, only those that were decided are rung for."""
    doorbell = RecordingDoorbell()
    changes = [
        _changed("rain", 3, MarketStatus.RESOLVED),
        _decided("snow"),
        _changed("snow", 1, MarketStatus.ACTIVE),
        _decided("rain"),
    ]
    result = await DispatchLedger(doorbell, RecordingDoorbell()).execute(DispatchLedgerRequest(changes))
    assert [ring.market for ring in doorbell.calls[0]] == ["snow", "rain"]
    assert result.rings == 2


async def test_the_occasion_tells_records_apart() -> None:
    """A record delivered twice is one occasion; another revision of the same market is another."""
    doorbell = RecordingDoorbell()
    for change in (_decided("rain", 2), _decided("rain", 2), _decided("rain", 4)):
        await DispatchLedger(doorbell, RecordingDoorbell()).execute(DispatchLedgerRequest([change]))
    first, again, later = (rings[0] for rings in doorbell.calls)
    assert first == again
    assert later.occasion != first.occasion


async def test_a_lost_ring_is_told() -> None:
    """Who delivers the records learns that they have to come again."""
    with pytest.raises(RingLostError):
        await DispatchLedger(BrokenDoorbell(), RecordingDoorbell()).execute(DispatchLedgerRequest([_decided("rain")]))


async def test_a_broken_bell_matters_to_no_other_change() -> None:
    """Changes that ring for nobody are done although the bell is broken."""
    request = DispatchLedgerRequest([_changed("rain", 1, MarketStatus.ACTIVE)])
    assert (await DispatchLedger(BrokenDoorbell(), RecordingDoorbell()).execute(request)).rings == 0
