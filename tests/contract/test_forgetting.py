"""What a person has left is found in every store, whosever it lies with, and nothing of anybody else's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.model.kernel.command import Command
from domain.model.kernel.record import Key, key_of
from domain.model.ledger.account import ChangedAccount, OpenedAccount
from domain.model.trading.book import Listing, listing_at
from domain.port.out.store import Insert, Remove
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.clock import START
from tests.fakes.samples import (
    ANN,
    ANNS_CHECKPOINT,
    ANNS_COMMENT,
    ANNS_DELIVERY,
    ANNS_FORECASTS,
    ANNS_KEY,
    ANNS_WEBHOOK,
    ANNS_WEBHOOKS,
    FULL_ORDER,
    LINKS,
    RAIN,
    RAIN_BOOK,
    draft,
)

BOB = replace(ANN, id="bob", name="Bob")
NAMED = replace(ANN, name="Ann")
DRAFT = draft("dew")


def _command(owner: str, place: int, answer: object) -> Command:
    return Command(owner, f"{place:032x}", "f" * 64, answer, START + timedelta(seconds=place))


PERSONAL: Sequence[Any] = (
    ANNS_COMMENT,
    ANNS_KEY,
    LINKS,
    DRAFT,
    ANNS_WEBHOOK,
    _command("ann", 2, listing_at(DRAFT, None, START)),
    _command("invitation:1", 3, OpenedAccount(NAMED, created=True)),
    _command("bob", 4, ChangedAccount(NAMED)),
)
KEPT: Sequence[Any] = (
    ANNS_WEBHOOKS,
    ANNS_FORECASTS,
    _command("ann", 1, replace(ANNS_COMMENT, text="")),
    _command("ann", 5, FULL_ORDER),
    _command("ann", 6, Listing(RAIN, RAIN_BOOK)),
    replace(ANNS_COMMENT, id="7" * 28, account="bob"),
    replace(ANNS_KEY, account="bob"),
    replace(DRAFT, slug="fog", creator="bob"),
    _command("ann", 7, ChangedAccount(BOB)),
)


async def _found(adapter: Adapter, account: str, limit: int = 100) -> Sequence[Key[Any]]:
    return await adapter.ports.admission.find_personal(account, limit)


async def test_what_a_person_left_is_found(adapter: Adapter) -> None:
    """All of ann's, what others' remembered answers show of her too; nothing that says no more than her id."""
    await adapter.commit(*map(Insert, (NAMED, BOB, RAIN, RAIN_BOOK)))
    assert await adapter.commit(*map(Insert, (*PERSONAL, *KEPT))) == Committed()
    found = await _found(adapter, "ann")
    assert len(found) == len(set(found))
    assert set(found) == {key_of(record) for record in PERSONAL}
    assert {key.values[0] for key in await _found(adapter, "bob")} >= {"bob", "fog", "ann"}


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_some_at_a_time(adapter: Adapter, limit: int) -> None:
    """Each is removed once; attempts and checkpoints before, or with, the webhook that they are found by."""
    await adapter.commit(*map(Insert, (NAMED, BOB, RAIN, RAIN_BOOK)))
    await adapter.commit(*map(Insert, (*PERSONAL, ANNS_CHECKPOINT, ANNS_DELIVERY, *KEPT)))
    removed = 0
    while found := await _found(adapter, "ann", limit):
        assert len(found) <= limit
        view = await adapter.ports.records.read(*found)
        assert await adapter.commit(*(Remove(view.get(key)) for key in found)) == Committed()
        removed += len(found)
    assert removed >= len(PERSONAL)
    left = await adapter.ports.records.read(*map(key_of, (*PERSONAL, ANNS_CHECKPOINT, ANNS_DELIVERY, *KEPT)))
    assert {key_of(record) for record in KEPT} == {key for key, record in left.found.items() if record}
