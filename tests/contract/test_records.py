"""What is stored comes back exactly."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from domain.model.admission.api_key import ApiKey
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.kernel.command import Command
from domain.model.kernel.money import Money
from domain.model.kernel.record import Key, key_for, key_of
from domain.model.ledger.account import Account
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus, Resolution
from domain.model.trading.position import Position
from domain.port.out.store import Insert, Replace
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.samples import (
    ANN,
    ANNS_ENTRY,
    ANNS_KEY,
    ANSWERS,
    ELSEWHERE,
    FULL_ACCOUNT,
    FULL_BOOK,
    FULL_ENTRY,
    FULL_EVENT,
    FULL_INVITATION,
    FULL_KEY,
    FULL_MARKET,
    FULL_POSITION,
    FULL_TALLY,
    INVITED,
    ODD_TEXT,
    PLANTED,
    RAIN,
    RAIN_PUBLISHED,
    SECRET,
    draft,
)

FULL: tuple[object, ...] = (
    FULL_ACCOUNT,
    FULL_MARKET,
    FULL_BOOK,
    FULL_POSITION,
    FULL_TALLY,
    FULL_KEY,
    FULL_INVITATION,
    SECRET,
)


async def _come_back(adapter: Adapter, *records: object) -> None:
    """Store records and check that each reads as it was."""
    assert await adapter.commit(*map(Insert, records)) == Committed()
    keys = [key_of(record) for record in records]
    snapshot = await adapter.ports.records.read(*keys)
    assert [snapshot.found.get(key) for key in keys] == list(records)


async def test_the_largest_records(adapter: Adapter) -> None:
    """Every member of every state at its largest, and every character, comes back as it was."""
    await _come_back(adapter, *FULL)


async def test_the_largest_ledger_records(adapter: Adapter) -> None:
    """So do entries, with their trade, and lifecycle records."""
    assert await adapter.commit(*map(Insert, (*FULL, FULL_ENTRY, FULL_EVENT))) == Committed()
    assert await adapter.ledger.entries() == [FULL_ENTRY]
    assert await adapter.ledger.events() == [FULL_EVENT]


async def test_ledger_records_without_what_is_optional(adapter: Adapter) -> None:
    """Nothing stays nothing: no market, reason, trade or actor."""
    event = replace(RAIN_PUBLISHED, actor=None)
    assert await adapter.commit(Insert(ANN), Insert(RAIN), Insert(ANNS_ENTRY), Insert(event)) == Committed()
    assert await adapter.ledger.entries() == [ANNS_ENTRY]
    assert await adapter.ledger.events() == [event]


@pytest.mark.parametrize("answer", ANSWERS)
async def test_commands_keep_every_answer(adapter: Adapter, answer: object) -> None:
    """A command gives back the very answer it was stored with, type and all."""
    command = Command("ann", "c" * 32, ODD_TEXT, answer, ANN.created_at)
    await adapter.commit(Insert(ANN))
    await _come_back(adapter, command)
    stored = await adapter.find(key_for(Command, "ann", "c" * 32))
    assert stored is not None
    assert type(stored.answer) is type(answer)


@pytest.mark.parametrize("status", MarketStatus)
async def test_markets_of_every_status(adapter: Adapter, status: MarketStatus) -> None:
    """Each status, with and without what is optional."""
    bare = replace(RAIN, status=status, published_at=None, closes_at=None, resolution=None, tags=())
    await _come_back(adapter, bare, replace(FULL_MARKET, status=status))


async def test_a_voided_market(adapter: Adapter) -> None:
    """A resolution without payouts keeps its reason."""
    await _come_back(adapter, replace(FULL_MARKET, resolution=Resolution(None, ODD_TEXT, RAIN.created_at)))


@pytest.mark.parametrize("text", [ODD_TEXT, "", " ", "null", "0", "'; DROP TABLE markets; --", "%_*?[]", "🇺🇳" * 50])
async def test_text_is_text(adapter: Adapter, text: str) -> None:
    """Whatever a text looks like, it comes back character by character."""
    await _come_back(adapter, draft("rain", name=text, description=text, rules=text, outcomes=(text, "other" + text)))


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1970, 1, 1, tzinfo=ANN.created_at.tzinfo),
        datetime(2026, 11, 23, 12, 0, 0, 1, tzinfo=ANN.created_at.tzinfo),
        datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=ANN.created_at.tzinfo),
        datetime(2026, 3, 29, 2, 30, tzinfo=ELSEWHERE),
    ],
)
async def test_instants_to_the_microsecond(adapter: Adapter, instant: datetime) -> None:
    """Instants are aware and keep every microsecond, wherever they were written."""
    await _come_back(adapter, replace(ANN, created_at=instant), replace(RAIN, created_at=instant, closes_at=instant))
    market = await adapter.find(key_for(Market, "rain"))
    assert market is not None
    assert market.created_at.utcoffset() is not None
    assert market.closes_at == instant


@pytest.mark.parametrize("amount", [0, 1, 2**31, 2**53 + 1, 9 * 10**18])
async def test_balances_of_any_size(adapter: Adapter, amount: int) -> None:
    """Integers of 64 bits keep every digit, stored and replaced."""
    account = replace(ANN, balance=Money(amount))
    await _come_back(adapter, account)
    after = replace(account, balance=Money(amount // 3), seq=2)
    assert await adapter.commit(Replace(after, read=account)) == Committed()
    assert await adapter.find(key_for(Account, "ann")) == after


@pytest.mark.parametrize("amount", [2**63, 10**19 * 9])
async def test_volumes_of_any_size(adapter: Adapter, amount: int) -> None:
    """What all trades of a market come to passes 64 bits after nine thousand of the largest."""
    await adapter.commit(Insert(FULL_ACCOUNT), Insert(FULL_MARKET))
    await _come_back(adapter, replace(FULL_BOOK, volume=Money(amount)))


async def test_what_is_absent(adapter: Adapter) -> None:
    """Nothing is found where nothing is, under every kind of key, beside what is there."""
    await adapter.commit(*PLANTED)
    absent: list[Key[Any]] = [
        key_for(Account, "bob"),
        key_for(Account, "ANN"),
        key_for(Account, "ann "),
        key_for(Market, "snow"),
        key_for(Book, "snow"),
        key_for(Position, "bob", "rain"),
        key_for(Position, "ann", "snow"),
        key_for(Position, "rain", "ann"),
        key_for(Command, "ann", "other"),
        key_for(Command, "bob", "c" * 32),
        key_for(Tally, "rain", 15),
        key_for(Tally, "snow", 0),
        key_for(ApiKey, "ann", INVITED.id),
        key_for(ApiKey, "bob", ANNS_KEY.id),
        key_for(Invitation, ANNS_KEY.id),
        key_for(InstanceSecret, "another"),
    ]
    snapshot = await adapter.ports.records.read(*absent, key_for(Account, "ann"))
    assert dict(snapshot.found) == {**dict.fromkeys(absent), key_for(Account, "ann"): ANN}
    assert [snapshot.get(key) for key in absent] == [None] * len(absent)


async def test_a_hundred_keys(adapter: Adapter) -> None:
    """One read finds up to a hundred records, each under its own key."""
    accounts = [replace(ANN, id=f"trader-{number}", balance=Money(number)) for number in range(98)]
    await adapter.commit(*map(Insert, accounts), Insert(RAIN))
    keys = [key_for(Account, account.id) for account in accounts]
    snapshot = await adapter.ports.records.read(*keys, key_for(Market, "rain"), key_for(Market, "snow"))
    assert [snapshot.get(key) for key in keys] == accounts
    assert (snapshot.get(key_for(Market, "rain")), snapshot.get(key_for(Market, "snow"))) == (RAIN, None)


async def test_a_draft_without_a_book(adapter: Adapter) -> None:
    """A market and its book are two records: a draft has the one and not the other."""
    await adapter.commit(Insert(draft("rain")))
    snapshot = await adapter.ports.records.read(key_for(Market, "rain"), key_for(Book, "rain"))
    assert dict(snapshot.found) == {key_for(Market, "rain"): draft("rain"), key_for(Book, "rain"): None}


async def test_a_write_is_read_at_once(adapter: Adapter) -> None:
    """Each acknowledged write shows in the very next read."""
    account = ANN
    await adapter.commit(Insert(account))
    for seq in range(2, 22):
        after = replace(account, seq=seq, balance=Money(seq))
        assert await adapter.commit(Replace(after, read=account)) == Committed()
        assert await adapter.find(key_for(Account, "ann")) == after
        account = after
