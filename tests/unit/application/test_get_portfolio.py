from dataclasses import replace
from datetime import timedelta

import pytest

from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.ledger.portfolio import Portfolio, PortfolioLine
from domain.model.trading.market import MarketStatus
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore
from tests.fakes.refusals import refused
from tests.fakes.world import DEFINITION, GRANT, World, admin, caller


@pytest.fixture(autouse=True)
async def markets(world: World) -> None:
    """Two open markets, of which one closes in an hour."""
    await world.open("ann")
    await world.open("bob")
    await world.publish("snow", "ann", replace(DEFINITION, name="Snow?", closes_at=START + timedelta(hours=1)))
    await world.publish("rain", "ann", replace(DEFINITION, name="Rain?"))


async def test_nobody(world: World, store: MemoryStore) -> None:
    """An account that was not opened has no portfolio."""
    with refused(store, AccountNotFoundError):
        await world.portfolio("nobody")


async def test_an_empty_portfolio(world: World) -> None:
    """Who never traded has a balance, and equity of just that."""
    portfolio = await world.portfolio("bob")
    assert portfolio == Portfolio(await world.found(key_for(Account, "bob")), ())
    assert portfolio.equity == GRANT


async def test_a_line_for_each_outcome_held(world: World) -> None:
    """By market, then outcome: quantity, shown price, value rounded down, and what was paid less received."""
    yes = await world.buy("bob", "snow", "YES", 10 * MICROS)
    no = await world.buy("bob", "rain", "NO", 3 * MICROS + 1)
    also = await world.buy("bob", "rain", "YES", MICROS)
    back = await world.sell("bob", "rain", "NO", MICROS)
    portfolio = await world.portfolio("bob")
    rain = [shown.price for shown in back.trades[0].prices_after]
    sale = [line.sale_value for line in portfolio.lines]
    assert portfolio.lines == (
        PortfolioLine(
            market="rain",
            name="Rain?",
            status=MarketStatus.ACTIVE,
            outcome="YES",
            quantity=MICROS,
            price=rain[0],
            value=Money(rain[0]),
            spent=also.amount,
            sale_value=sale[0],
        ),
        PortfolioLine(
            market="rain",
            name="Rain?",
            status=MarketStatus.ACTIVE,
            outcome="NO",
            quantity=2 * MICROS + 1,
            price=rain[1],
            value=Money(2 * rain[1]),
            spent=Money(no.amount.amount - back.amount.amount),
            sale_value=sale[1],
        ),
        PortfolioLine(
            market="snow",
            name="Snow?",
            status=MarketStatus.ACTIVE,
            outcome="YES",
            quantity=10 * MICROS,
            price=524_979,
            value=Money(5_249_790),
            spent=yes.amount,
            sale_value=sale[2],
        ),
    )
    assert portfolio.account.balance == back.balance
    assert portfolio.equity.amount == back.balance.amount + rain[0] + 2 * rain[1] + 5_249_790


async def test_a_sale_brings_what_the_portfolio_says(world: World) -> None:
    """Of each entry by itself, to the micro-credit; and nothing is said while the market takes no orders."""
    await world.buy("bob", "rain", "NO", 3 * MICROS + 1)
    await world.buy("bob", "rain", "YES", 40 * MICROS)
    before = await world.portfolio("bob")
    assert before.sale_equity.amount < before.equity.amount
    for line in before.lines:
        found = next(each for each in (await world.portfolio("bob")).lines if each.outcome == line.outcome)
        sold = await world.sell("bob", "rain", line.outcome, line.quantity)
        assert found.sale_value == sold.amount
    await world.buy("bob", "rain", "NO", MICROS)
    await world.close("rain", admin("ann"))
    closed = await world.portfolio("bob")
    assert [line.sale_value for line in closed.lines] == [None]
    assert closed.sale_equity == closed.equity


async def test_spent_may_be_negative(world: World) -> None:
    """Who sold dear what was bought cheap has received more than was paid."""
    await world.buy("bob", "rain", "YES", 10 * MICROS)
    await world.buy("ann", "rain", "YES", 300 * MICROS)
    await world.sell("bob", "rain", "YES", 9 * MICROS)
    (line,) = (await world.portfolio("bob")).lines
    assert line.spent.amount < 0


async def test_what_is_sold_out_is_gone(world: World) -> None:
    """A position without shares is not shown."""
    await world.buy("bob", "rain", "YES", MICROS)
    await world.sell("bob", "rain", "YES", MICROS)
    assert (await world.portfolio("bob")).lines == ()


async def test_the_clock_closes(world: World) -> None:
    """A line shows the status that the market reads now."""
    await world.buy("bob", "snow", "YES", MICROS)
    world.clock.advance(timedelta(hours=1))
    (line,) = (await world.portfolio("bob")).lines
    assert line.status is MarketStatus.CLOSED


async def test_positions_leave_once_settled(world: World) -> None:
    """A decided market's shares stay until they are paid, and are the balance's from then on."""
    await world.buy("bob", "rain", "YES", 7 * MICROS)
    await world.resolve("rain", caller("ann"), "YES")
    (line,) = (await world.portfolio("bob")).lines
    assert line.status is MarketStatus.SETTLING
    before = await world.balance("bob")
    await world.settle("rain")
    portfolio = await world.portfolio("bob")
    assert portfolio.lines == ()
    assert portfolio.equity.amount == portfolio.account.balance.amount == before + 7 * MICROS


async def test_a_portfolio_is_ones_own(world: World) -> None:
    """Nobody's shares are shown to another."""
    await world.buy("bob", "rain", "YES", MICROS)
    assert (await world.portfolio("ann")).lines == ()
