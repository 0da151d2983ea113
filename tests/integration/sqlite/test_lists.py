"""Where a list ends: the other store may answer an empty page more, this one knows."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.port.out.store import Insert
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.samples import ANN, ANNS_KEY, INVITED


@pytest.mark.parametrize(("limit", "goes_on"), [(1, True), (2, True), (3, False), (4, False)])
async def test_a_list_that_fits_has_no_cursor(tmp_path: Path, limit: int, *, goes_on: bool) -> None:
    """Just as many as were asked for are all there are, and one more is another page."""
    with Database.open(tmp_path / "hunch.db") as database:
        ports = sqlite_persistence(database)
        accounts = [replace(ANN, id=id_) for id_ in ("ann", "ben", "cem")]
        keys = [replace(ANNS_KEY, id=digit * 28) for digit in "123"]
        invitations = [replace(INVITED, id=digit * 28) for digit in "123"]
        await ports.unit_of_work.commit([Insert(record) for record in (*accounts, *keys, *invitations)])
        pages = (
            await ports.admission.find_api_keys("ann", limit),
            await ports.admission.find_invitations(limit),
            await ports.admission.find_accounts(limit),
        )
    assert [page.cursor is not None for page in pages] == [goes_on] * 3
    assert [len(page.items) for page in pages] == [min(limit, 3)] * 3
