"""One small story, and the copies of its store that restores have been known to leave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for, key_of, type_of
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.position import Position
from tests.fakes.lives import RecordingStore, Records, a_world
from tests.fakes.memory import MemoryStore
from tests.fakes.world import admin

TRADES = 6


@dataclass(frozen=True)
class Story:
    """What happened, and every state on the way.

    Args:
        states: all of them; the last is the present.
        halfway: the number of the state after the third trade.
    """

    states: list[Records]
    halfway: int

    @property
    def present(self) -> MemoryStore:
        """The store as it is."""
        return MemoryStore(dict(self.states[-1]))

    @property
    def past(self) -> MemoryStore:
        """The store after the third trade."""
        return MemoryStore(dict(self.states[self.halfway]))


async def tell_story() -> Story:
    """Bob, cid and dan trade by turns on ann's markets; everybody gets a grant in between, and snow is paid out."""
    store = RecordingStore()
    world = a_world(store)
    for account in ("admin", "ann", "bob", "cid", "dan"):
        await world.open(account)
    for slug in ("rain", "snow"):
        await world.publish(slug, "ann")
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("cid", "rain", "NO", 20 * MICROS)
    await world.buy("dan", "rain", "YES", 5 * MICROS)
    halfway = len(store.states) - 1
    world.clock.advance(timedelta(hours=1))
    await world.give("bob", 7 * MICROS, admin())
    await world.sell("bob", "rain", "YES", 4 * MICROS)
    await world.buy("cid", "snow", "YES", 30 * MICROS)
    await world.buy("dan", "rain", "NO", 8 * MICROS)
    await world.give("cid", 9 * MICROS, admin())
    await world.buy("cid", "rain", "YES", 2 * MICROS)
    await world.resolve("snow", admin(), "YES")
    await world.settle("snow")
    await world.fold("snow")
    return Story(store.states, halfway)


def trade(store: MemoryStore, version: int, slug: str = "rain") -> JournalEntry:
    """The entry of a trade."""
    entries = store.every(JournalEntry)
    return next(each for each in entries if each.trade and (each.market, each.trade.version) == (slug, version))


def _without(store: MemoryStore, *keys: Key[object]) -> MemoryStore:
    for key in keys:
        del store.records[key]
    return store


def _of_two_seconds(core: MemoryStore, ledger: MemoryStore) -> MemoryStore:
    records = {key: record for key, record in core.records.items() if not type_of(key.kind).in_ledger}
    return MemoryStore(records | {key: each for key, each in ledger.records.items() if type_of(key.kind).in_ledger})


def _gap(story: Story) -> MemoryStore:
    """Trade 4, a sale by bob, is missing, and trades 5 and 6 are there."""
    store = story.present
    return _without(store, key_for(JournalEntry, "bob", trade(store, 4).seq))


def _book_ahead(story: Story) -> MemoryStore:
    """The last trade is nowhere in the ledger."""
    store = story.present
    return _without(store, key_for(JournalEntry, "cid", trade(store, 6).seq))


def _ledger_ahead(story: Story) -> MemoryStore:
    """The last trade is in the ledger, and nothing else of its transaction is there."""
    store = story.present
    entry = trade(store, 6)
    key = key_of(entry)
    after = next(place for place, state in enumerate(story.states) if key in state)
    for changed, record in story.states[after].items():
        before = story.states[after - 1].get(changed)
        if before is not record and changed != key:
            store.records.pop(changed)
            if before is not None:
                store.put(before)
    return store


TEARS: Mapping[str, Callable[[Story], MemoryStore]] = {
    "book ahead of ledger": _book_ahead,
    "ledger ahead of book": _ledger_ahead,
    "position missing": lambda story: _without(story.present, key_for(Position, "bob", "rain")),
    "a gap in the versions": _gap,
    "core older than ledger": lambda story: _of_two_seconds(story.past, story.present),
    "ledger older than core": lambda story: _of_two_seconds(story.present, story.past),
}
"""Torn copies, by what is wrong with them."""
