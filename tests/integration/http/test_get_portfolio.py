"""The portfolio: what one holds, what it is worth and what it cost."""

from decimal import ROUND_DOWN, Decimal

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import POSITION_MEMBERS, Json, answer

pytestmark = pytest.mark.asyncio(loop_scope="module")

MICRO = Decimal("0.000001")


async def checked(caller: Caller) -> dict[tuple[str, str], Json]:
    """The caller's positions by market and outcome, once the portfolio's arithmetic holds."""
    portfolio = await caller.portfolio()
    assert portfolio.keys() == {"account", "balance", "positions", "equity", "sale_equity"}
    for position in portfolio["positions"]:
        assert position.keys() == POSITION_MEMBERS
        assert Decimal(position["quantity"]) > 0
        value = Decimal(position["quantity"]) * Decimal(position["price"])
        assert Decimal(position["value"]) == value.quantize(MICRO, ROUND_DOWN)
    values = sum(Decimal(position["value"]) for position in portfolio["positions"])
    assert Decimal(portfolio["equity"]) == Decimal(portfolio["balance"]) + values
    positions = {(position["market"], position["outcome"]): position for position in portfolio["positions"]}
    assert len(positions) == len(portfolio["positions"])
    return positions


@pytest.mark.contract("portfolio", "numbers and times")
async def test_position(api: Api, trader: Caller) -> None:
    """One entry per outcome held; `value` is quantity × shown price; equity is balance + Σ value."""
    slug = await api.published_market(name="Rain on Sunday?")
    answer(await trader.order(slug, quantity="10"), 201)
    assert await trader.portfolio() == {
        "account": trader.account,
        "balance": "994.875052",
        "positions": [
            {
                "market": slug,
                "name": "Rain on Sunday?",
                "status": "ACTIVE",
                "outcome": "YES",
                "quantity": "10.000000",
                "price": "0.524979",
                "value": "5.249790",
                "sale_value": "5.124947",
                "spent": "5.124948",
            }
        ],
        "equity": "1000.124842",
        "sale_equity": "999.999999",
    }


@pytest.mark.contract("portfolio")
async def test_value_is_rounded_down(api: Api, trader: Caller) -> None:
    """`value` is rounded down."""
    slug = await api.published_market(outcomes=["A", "B", "C"])
    answer(await trader.order(slug, "B", quantity="3.333333"), 201)
    positions = await checked(trader)
    value = Decimal("3.333333") * Decimal(positions[slug, "B"]["price"])
    assert value != value.quantize(MICRO)
    assert Decimal(positions[slug, "B"]["value"]) < value


async def test_several_outcomes_and_markets(api: Api, trader: Caller) -> None:
    """One entry per outcome held, of every market."""
    slugs = [await api.published_market() for _ in range(3)]
    for slug in slugs:
        answer(await trader.order(slug, quantity="10"), 201)
        answer(await trader.order(slug, "NO", spend="3"), 201)
    positions = await checked(trader)
    assert positions.keys() == {(slug, outcome) for slug in slugs for outcome in ("YES", "NO")}
    assert {position["spent"] for (_, outcome), position in positions.items() if outcome == "NO"} == {"3.000000"}


async def test_price_is_the_markets(api: Api, trader: Caller) -> None:
    """A position's price follows the market, whoever moves it."""
    slug = await api.published_market()
    answer(await trader.order(slug, quantity="10"), 201)
    answer(await (await api.open_account()).order(slug, "NO", quantity="60"), 201)
    market = await api.anyone.market(slug)
    position = (await checked(trader))[slug, "YES"]
    assert position["price"] == market["outcomes"][0]["price"]
    assert Decimal(position["price"]) < Decimal("0.5")
    assert position["spent"] == "5.124948"


async def test_spent(api: Api, trader: Caller) -> None:
    """`spent` is paid − received on that outcome."""
    slug = await api.published_market()
    spent = Decimal(0)
    for side, quantity in (("buy", "10"), ("buy", "5.5"), ("sell", "3"), ("buy", "1"), ("sell", "12")):
        order = answer(await trader.order(slug, side=side, quantity=quantity), 201)
        spent += Decimal(order["amount"]) if side == "buy" else -Decimal(order["amount"])
        answer(await trader.order(slug, "NO", quantity="1"), 201)
        position = (await checked(trader))[slug, "YES"]
        assert Decimal(position["spent"]) == spent
    assert (await trader.holds(slug))["YES"] == Decimal("1.5")


@pytest.mark.contract("portfolio")
async def test_spent_may_be_negative(api: Api, trader: Caller) -> None:
    """Who has sold at a profit has received more than paid."""
    slug = await api.published_market()
    bought = answer(await trader.order(slug, quantity="10"), 201)
    answer(await (await api.open_account()).order(slug, quantity="200"), 201)
    sold = answer(await trader.order(slug, side="sell", quantity="9"), 201)
    spent = Decimal(bought["amount"]) - Decimal(sold["amount"])
    assert spent < 0
    assert Decimal((await checked(trader))[slug, "YES"]["spent"]) == spent


async def test_position_leaves_when_it_is_sold(api: Api, trader: Caller) -> None:
    """One entry per outcome held: what is sold is held no longer."""
    slug = await api.published_market()
    answer(await trader.order(slug, quantity="10"), 201)
    answer(await trader.order(slug, "NO", quantity="1"), 201)
    answer(await trader.order(slug, side="sell", quantity="10"), 201)
    assert (await checked(trader)).keys() == {(slug, "NO")}
    answer(await trader.order(slug, "NO", "sell", quantity="1"), 201)
    assert await checked(trader) == {}


async def test_spent_begins_again_or_goes_on(api: Api, trader: Caller) -> None:
    """Buying again after selling all shows the outcome again, with what it has cost altogether."""
    slug = await api.published_market()
    orders = [answer(await trader.order(slug, side=side, quantity="10"), 201) for side in ("buy", "sell", "buy")]
    amounts = [Decimal(order["amount"]) for order in orders]
    spent = Decimal((await checked(trader))[slug, "YES"]["spent"])
    assert spent in {amounts[2], amounts[0] - amounts[1] + amounts[2]}


@pytest.mark.contract("portfolio")
async def test_positions_leave_once_settled(api: Api, trader: Caller) -> None:
    """Positions leave once settled; those of other markets stay."""
    creator = await api.open_account()
    settled, open_still = await api.published_market(creator), await api.published_market(creator)
    for slug in (settled, open_still):
        answer(await trader.order(slug, quantity="10"), 201)
    answer(await creator.resolve(settled, outcome="YES"), 202)
    await api.anyone.settled(settled)
    assert (await checked(trader)).keys() == {(open_still, "YES")}
    assert (await trader.portfolio())["balance"] == "999.750104"


async def test_escrow_is_no_position(api: Api, trader: Caller) -> None:
    """What a creator escrowed is not among the positions."""
    await api.published_market(trader)
    assert await trader.portfolio() == {
        "account": trader.account,
        "balance": "930.685281",
        "positions": [],
        "equity": "930.685281",
        "sale_equity": "930.685281",
    }
