import pytest

from domain.application.ledger.get_account import GetAccountRequest
from domain.application.ledger.list_account_trades import ListAccountTradesRequest
from domain.application.ledger.list_accounts import ListAccountsRequest
from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.money import MICROS
from tests.fakes.world import World


@pytest.fixture(autouse=True)
async def accounts(world: World) -> None:
    """Two accounts and a market on which one of them trades."""
    await world.open("ann")
    await world.open("bob")
    await world.publish("rain", "ann")


async def test_an_account(world: World) -> None:
    """It is found by its id; one that was not opened is not."""
    account = (await world.get_account.execute(GetAccountRequest("bob"))).account
    assert (account.id, account.created_at) == ("bob", world.clock.now())
    for absent in ("cid", "house", "Bob", "market:rain", ""):
        with pytest.raises(AccountNotFoundError):
            await world.get_account.execute(GetAccountRequest(absent))


async def test_several_accounts(world: World) -> None:
    """Those that exist, in the order asked, each once."""
    found = await world.list_accounts.execute(ListAccountsRequest(["cid", "bob", "ann", "bob", "house"]))
    assert [account.id for account in found.accounts] == ["bob", "ann"]


async def test_trades(world: World) -> None:
    """An account's trades and nobody else's, the latest first, page by page."""
    for number in range(3):
        await world.buy("bob", "rain", "YES", (number + 1) * MICROS)
        await world.buy("ann", "rain", "NO", MICROS)
    first = (await world.list_account_trades.execute(ListAccountTradesRequest("bob", 2))).page
    rest = (await world.list_account_trades.execute(ListAccountTradesRequest("bob", 2, first.cursor))).page
    assert [trade.quantity // MICROS for trade in (*first.items, *rest.items)] == [3, 2, 1]
    assert rest.cursor is None
    with pytest.raises(AccountNotFoundError):
        await world.list_account_trades.execute(ListAccountTradesRequest("cid", 2))
