import pytest

from domain.application.ledger.get_me import GetMeRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.ledger.rename_account import RenameAccountRequest
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.money import MICROS
from domain.model.kernel.names import is_person_name
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from tests.fakes.faults import FaultyUnitOfWork
from tests.fakes.memory import MemoryStore, MemoryUnitOfWork
from tests.fakes.world import World, admin, caller


@pytest.mark.parametrize("name", ["Ł", "李雷", "Иван Ⅳ", "a" * 40, "😀", "שלום", "O’Neil Smith"])
def test_names_of_any_script(name: str) -> None:
    """One to forty characters that people write."""
    assert is_person_name(name)


@pytest.mark.parametrize("name", ["", " ", "a" * 41, " Ann", "Ann\u00a0", "A\nB", "A\x00", "\x7f", "\u2003x"])
def test_what_is_no_name(name: str) -> None:
    """Nothing, blanks around it, control characters, and more than forty characters."""
    assert not is_person_name(name)


async def test_an_account_is_opened_under_a_name(world: World) -> None:
    """The name is kept as it was written; opening again renames nobody; without one people read the id."""
    opened = await world.open_account.execute(OpenAccountRequest(caller("ann"), world.fresh(), "Łukasz"))
    assert opened.opened.account.shown_name == "Łukasz"
    again = await world.open_account.execute(OpenAccountRequest(caller("ann"), world.fresh(), "Bob"))
    assert again.opened.account.shown_name == "Łukasz"
    assert (await world.open("bob")).shown_name == "bob"


async def test_renaming(world: World) -> None:
    """By its owner and by an admin; nobody else, and nobody who is not there."""
    for account in ("ann", "bob", "admin"):
        await world.open(account)
    for by, name in ((caller("ann"), "Anna"), (admin(), "Anne"), (admin(), "Anne")):
        renamed = await world.rename_account.execute(RenameAccountRequest(by, "ann", name))
        assert renamed.account.name == name == (await world.found(key_for(Account, "ann"))).name
    assert (await world.found(key_for(Account, "ann"))).revision == 2
    with pytest.raises(ForbiddenError):
        await world.rename_account.execute(RenameAccountRequest(caller("bob"), "ann", "Bob"))
    with pytest.raises(AccountNotFoundError):
        await world.rename_account.execute(RenameAccountRequest(admin(), "zoe", "Zoe"))
    with pytest.raises(AccountNotFoundError):
        await world.rename_account.execute(RenameAccountRequest(caller("zoe"), "zoe", "Zoe"))


async def test_a_trade_in_between_keeps_the_name(world: World, store: MemoryStore) -> None:
    """A trade and a new name that meet in one account both happen."""
    for account in ("ann", "bob"):
        await world.open(account)
    await world.publish("rain", "ann")

    async def rename() -> None:
        await world.rename_account.execute(RenameAccountRequest(caller("bob"), "bob", "Robert"))

    racing = world.with_faults(FaultyUnitOfWork(MemoryUnitOfWork(store), [], [rename]))
    order = await racing.buy("bob", "rain", "YES", MICROS)
    bob = await world.found(key_for(Account, "bob"))
    assert (bob.name, bob.balance) == ("Robert", order.balance)


async def test_me(world: World) -> None:
    """Also before the account is open; what the credential is good for is told as it is."""
    somebody = Caller("ann", frozenset({Role.CREATOR}))
    assert (await world.get_me.execute(GetMeRequest(somebody))).account is None
    ann = await world.open("ann")
    result = await world.get_me.execute(GetMeRequest(somebody))
    assert (result.account, result.caller) == (ann, somebody)
