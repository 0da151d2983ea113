"""What is removed of a person is not in the file any more either, not even in its free space."""

from pathlib import Path

from domain.application.admission.forget_account import ForgetAccountRequest
from domain.application.ledger.rename_account import RenameAccountRequest
from domain.model.trading.market import MarketDefinition
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.world import World, admin, caller

NAME, TEXT, QUESTION = "Zoë of 7f3a9c", "My source is 51b0e2. " * 90, "Shall I move to 8d4e6f?"


async def test_nothing_is_left_in_the_file(tmp_path: Path) -> None:
    """Once the server has stopped: long texts, which fill pages of their own, and short ones."""
    path = tmp_path / "hunch.db"
    database = Database.open(path)
    world = World(sqlite_persistence(database))
    for account in ("root", "ann", "zoe"):
        await world.open(account)
    await world.publish("rain", "ann")
    await world.rename_account.execute(RenameAccountRequest(caller("zoe"), "zoe", NAME))
    await world.comment("rain", caller("zoe"), TEXT)
    await world.draft("moving", "zoe", MarketDefinition(QUESTION, rules=TEXT))
    database.close()
    words = [text.encode()[:20] for text in (NAME, TEXT, QUESTION)]
    assert all(word in path.read_bytes() for word in words)
    database = Database.open(path)
    world = World(sqlite_persistence(database), keys=world.keys)
    await world.forget_account.execute(ForgetAccountRequest(admin("root"), "zoe", world.fresh()))
    database.close()
    assert [word for word in words if word in path.read_bytes()] == []
    assert not path.with_name("hunch.db-wal").exists()
