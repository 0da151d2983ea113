"""A server whose file somebody removes, renames or replaces by hand while it runs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.model.kernel.errors import DegradedError
from domain.model.kernel.money import MICROS
from functions.adapter.out.sqlite.copies import back_up
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.trouble import MOVED
from functions.config.sqlite import sqlite_persistence
from tests.fakes.world import World


def _move(path: Path) -> None:
    path.rename(path.with_name("elsewhere.db"))


def _replace(path: Path) -> None:
    back_up(path, path.with_name("copy.db"))
    _move(path)
    path.with_name("copy.db").rename(path)


@pytest.mark.parametrize("meddle", [_move, _replace])
async def test_nothing_is_acknowledged_that_nobody_would_find(tmp_path: Path, meddle: Callable[[Path], None]) -> None:
    """Writes are refused and say why, no thread reads another file, and with the file in its place all is well."""
    path = tmp_path / "hunch.db"
    with Database.open(path) as database:
        world = World(sqlite_persistence(database))
        await world.open("ann")
        await world.publish("rain", "ann")
        meddle(path)
        with pytest.raises(DegradedError, match=MOVED.cause):
            await world.buy("ann", "rain", "YES", MICROS)
        assert database.condition.trouble == MOVED
        with pytest.raises(DegradedError, match=MOVED.cause):
            await database.read(lambda connection: connection.execute("SELECT 1").fetchone())
        (tmp_path / "elsewhere.db").rename(path)
        await world.buy("ann", "rain", "YES", MICROS)
        assert (await world.portfolio("ann")).account.seq == 3
