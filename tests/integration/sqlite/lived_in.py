"""A database in which people have lived: markets open, half settled, resolved and voided."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.money import MICROS
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.world import World

ADMIN = Caller("root", frozenset({Role.ADMIN}))
TRADES = 8


def live(path: Path) -> None:
    """Make the database."""
    with Database.open(path) as database:
        asyncio.run(_live(World(sqlite_persistence(database))))


async def _live(world: World) -> None:
    for account in ("ann", "ben", "cem", "root"):
        await world.open(account)
    for slug in ("open", "settling", "resolved", "voided"):
        await world.publish(slug, "ann")
        await world.buy("ben", slug, "YES", 3 * MICROS)
        await world.buy("cem", slug, "NO", 2 * MICROS)
    await world.draft("drafted", "ann")
    for slug in ("settling", "resolved"):
        await world.resolve(slug, Caller("ann"), "YES")
    await world.void("voided", ADMIN)
    for slug in ("resolved", "voided"):
        await world.settle(slug)


def trade(path: Path, account: str, micros: int) -> None:
    """Let somebody buy in the open market, and leave it in the log as a killed process would."""
    with Database.open(path) as database:
        asyncio.run(
            World(sqlite_persistence(database), keys=iter([10**6 + micros])).buy(account, "open", "YES", micros)
        )
        database.write_now(_keep_log)


def _keep_log(connection: sqlite3.Connection) -> None:
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)


def spoil(path: Path, *statements: str) -> None:
    """Change what no command of ours changes."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def content(path: Path) -> list[str]:
    """Everything in it, in an order of its own; the log stays where it is."""
    with closing(sqlite3.connect(path)) as connection:
        _keep_log(connection)
        return sorted(connection.iterdump())
