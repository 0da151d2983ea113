from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from domain.application.instance.dispatch_ledger import DispatchLedger, DispatchLedgerRequest, Subscription
from domain.event.market_events import EventType, MarketChanged
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.market import MarketStatus
from domain.port.out.doorbell import Ring, RingLostError
from functions.config import dynamodb
from functions.config.wiring.instance.dispatch_ledger import dispatch_ledger
from functions.embedded.app import require_doorbells
from functions.registry import DOORBELLS, SUBSCRIPTIONS, Doorbell
from tests.fakes.clock import START
from tests.fakes.doorbells import doorbell_variables
from tests.fakes.samples import ANNS_ENTRY, FULL_ENTRY


class RecordingDoorbell:
    """A doorbell that remembers each time it was rung."""

    def __init__(self) -> None:
        self.calls: list[list[Ring]] = []

    async def ring(self, rings: Sequence[Ring]) -> None:
        self.calls.append(list(rings))

    @property
    def markets(self) -> list[str]:
        """The markets of all rings, in order."""
        return [ring.market for rings in self.calls for ring in rings]


class BrokenDoorbell:
    """A doorbell that nobody hears."""

    async def ring(self, rings: Sequence[Ring]) -> None:
        raise RingLostError("nobody hears")


def changed(type_: EventType | None, slug: str = "rain", revision: int = 2) -> MarketChanged:
    """A lifecycle record."""
    return MarketChanged(slug, revision, MarketStatus.ACTIVE, "ann", START, type=type_)


def traded(slug: str = "rain", version: int = 1) -> JournalEntry:
    """The entry of a trade."""
    assert FULL_ENTRY.trade is not None
    trade = replace(FULL_ENTRY.trade, market=slug, version=version)
    return replace(FULL_ENTRY, market=slug, trade=trade, version=version, revision=1)


async def ring_for(records: Sequence[JournalEntry | MarketChanged], *events: EventType) -> RecordingDoorbell:
    """What a subscription to these events hears of records."""
    doorbell = RecordingDoorbell()
    dispatch = DispatchLedger([Subscription(doorbell, frozenset(events))])
    result = await dispatch.execute(DispatchLedgerRequest(records))
    assert result.rings == len(doorbell.markets)
    return doorbell


@pytest.mark.parametrize("type_", [type_ for type_ in EventType if type_ is not EventType.TRADE])
async def test_a_subscription_hears_its_events_alone(type_: EventType) -> None:
    """Of one record of every type, exactly the one that is wanted is rung for."""
    records = [changed(each, each.name.lower()) for each in EventType if each is not EventType.TRADE]
    doorbell = await ring_for([*records, traded("traded"), changed(None, "draft"), ANNS_ENTRY], type_)
    assert doorbell.markets == [type_.name.lower()]


async def test_a_subscription_hears_trades() -> None:
    """A trade is an event of its market; other movements of money are no events."""
    assert (await ring_for([traded("rain"), ANNS_ENTRY, changed(None)], EventType.TRADE)).markets == ["rain"]


async def test_every_subscription_is_rung() -> None:
    """One record rings for everybody who wants it, each doorbell once for the whole batch."""
    first, second, third = RecordingDoorbell(), RecordingDoorbell(), RecordingDoorbell()
    dispatch = DispatchLedger(
        [
            Subscription(first, frozenset({EventType.TRADE})),
            Subscription(second, frozenset(EventType)),
            Subscription(third, frozenset({EventType.VOIDED})),
        ]
    )
    await dispatch.execute(DispatchLedgerRequest([traded("rain"), traded("snow")]))
    assert first.markets == second.markets == ["rain", "snow"]
    assert [len(bell.calls) for bell in (first, second, third)] == [1, 1, 0]


async def test_equal_rings_of_a_batch_are_folded() -> None:
    """A hundred trades of one market are one ring, whose occasion is the latest of them."""
    records = [traded(version=version) for version in (3, 1, 100, 2)]
    doorbell = await ring_for(records, EventType.TRADE)
    assert doorbell.calls == [[Ring("rain", "version 100 revision 1")]]


async def test_the_occasion_tells_records_apart() -> None:
    """A record delivered twice is one occasion; a later event of the same market is another."""
    bells = [await ring_for([changed(EventType.CLOSED, revision=number)], EventType.CLOSED) for number in (2, 2, 4)]
    first, again, later = (bell.calls[0][0] for bell in bells)
    assert first == again
    assert later != first


async def test_nothing_to_ring_for() -> None:
    """A doorbell that nothing concerns is not touched, broken or not."""
    dispatch = DispatchLedger([Subscription(BrokenDoorbell(), frozenset({EventType.VOIDED}))])
    assert (await dispatch.execute(DispatchLedgerRequest([traded(), changed(EventType.CLOSED)]))).rings == 0
    assert (await dispatch.execute(DispatchLedgerRequest([]))).rings == 0


async def test_a_lost_ring_is_told() -> None:
    """Whoever delivers the records learns that they have to come again."""
    dispatch = DispatchLedger([Subscription(BrokenDoorbell(), frozenset({EventType.TRADE}))])
    with pytest.raises(RingLostError):
        await dispatch.execute(DispatchLedgerRequest([traded()]))


def test_the_registry_subscribes_to_events_that_there_are() -> None:
    """The names in the registry, which knows nothing of the domain, are those of the domain."""
    for doorbell in SUBSCRIPTIONS:
        assert frozenset(map(EventType, doorbell.events))
    assert {"settlement", "price-history"} <= DOORBELLS.keys()


def test_a_server_answers_every_doorbell() -> None:
    """One that nothing answers stops the start and is named: its rings would be lost."""
    require_doorbells(DOORBELLS)
    with pytest.raises(LookupError, match="settlement"):
        require_doorbells(DOORBELLS.keys() - {"settlement"})


@pytest.mark.parametrize("missing", SUBSCRIPTIONS, ids=lambda doorbell: doorbell.name)
def test_a_function_knows_who_answers_every_subscription(missing: Doorbell, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that does not say who answers one of them stops the start of the function."""
    for name, value in doorbell_variables("https://queue").items():
        monkeypatch.setenv(name, value)
    ports: Any = SimpleNamespace(doorbell=dynamodb._doorbell)
    dispatch_ledger(ports)
    monkeypatch.delenv(missing.variable)
    with pytest.raises(LookupError, match=missing.variable):
        dispatch_ledger(ports)
