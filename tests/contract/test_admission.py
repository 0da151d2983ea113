"""Lists of bot keys and invitations."""

from dataclasses import replace

import pytest

from domain.model.ledger.account import Account
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.samples import ANN, ANNS_KEY, INVITED

IDS = [f"{number:028x}" for number in (1, 2, 15, 16, 2**60, 2**100)]
"""In the order in which they were made."""


@pytest.fixture
async def listed(adapter: Adapter) -> Adapter:
    """Six keys of ann's, one of bob's, and six invitations, stored in no order."""
    bob = replace(ANN, id="bob")
    keys = [replace(ANNS_KEY, id=id_) for id_ in IDS[::2] + IDS[1::2]]
    invitations = [replace(INVITED, id=id_) for id_ in IDS[1::2] + IDS[::2]]
    records: tuple[object, ...] = (ANN, bob, *keys, replace(ANNS_KEY, account="bob", id="8" * 28), *invitations)
    assert await adapter.commit(*map(Insert, records)) == Committed()
    return adapter


@pytest.mark.emulated(1)
@pytest.mark.parametrize("limit", [1, 2, 4, 6, 100])
async def test_the_newest_come_first(listed: Adapter, limit: int) -> None:
    """Page by page each is listed once, the latest first, and of keys only one's own."""
    admission = listed.ports.admission
    keys, invitations = list[str](), list[str]()
    cursor: str | None = ""
    while cursor is not None:
        found = await admission.find_api_keys("ann", limit, cursor or None)
        keys += [item.id for item in found.items]
        assert len(found.items) <= limit
        cursor = found.cursor
    cursor = ""
    while cursor is not None:
        page = await admission.find_invitations(limit, cursor or None)
        invitations += [item.id for item in page.items]
        assert len(page.items) <= limit
        cursor = page.cursor
    assert keys == invitations == IDS[::-1]


async def test_records_are_listed_whole(adapter: Adapter) -> None:
    """What a list holds is what was stored."""
    await adapter.commit(Insert(ANN), Insert(ANNS_KEY), Insert(INVITED))
    assert await adapter.ports.admission.find_api_keys("ann", 9) == Page((ANNS_KEY,), None)
    assert await adapter.ports.admission.find_invitations(9) == Page((INVITED,), None)
    assert await adapter.ports.admission.find_api_keys("bob", 9) == Page((), None)


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
async def test_each_account_is_met_once(listed: Adapter, limit: int) -> None:
    """Page by page, whatever else is stored, with the invitation it came by; the last page has no cursor."""
    others = [replace(ANN, id=f"account-{number}", invitation=IDS[number]) for number in range(5)]
    await listed.commit(*map(Insert, others))
    met, cursor = list[Account](), None
    while True:
        page = await listed.ports.admission.find_accounts(limit, cursor)
        assert len(page.items) <= limit
        met += page.items
        if (cursor := page.cursor) is None:
            break
    everybody = [*others, ANN, replace(ANN, id="bob")]
    assert sorted(met, key=lambda account: account.id) == everybody


@pytest.mark.parametrize("cursor", ["", "\n", "A#" + "a" * 2050 + "\nP", "A#ann\n" + "P" * 1025])
async def test_cursors_of_no_walk(adapter: Adapter, cursor: str) -> None:
    """What no page of accounts has ended with is refused."""
    with pytest.raises(InvalidCursorError):
        await adapter.ports.admission.find_accounts(9, cursor)


@pytest.mark.parametrize("cursor", ["", "g", "7" * 27, "A" * 28, "7" * 29, "é" * 28, "7" * 27 + "\n"])
async def test_cursors_of_no_list(adapter: Adapter, cursor: str) -> None:
    """A cursor that no list gives is refused."""
    with pytest.raises(InvalidCursorError):
        await adapter.ports.admission.find_api_keys("ann", 9, cursor)
    with pytest.raises(InvalidCursorError):
        await adapter.ports.admission.find_invitations(9, cursor)
