"""Quotes: what an order would do, to the micro-credit."""

import random
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.http import reference
from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import QUOTE_MEMBERS, Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    ("count", "members", "quantity", "amount", "price"),
    [
        (2, {"quantity": "10"}, "10.000000", "5.124948", "0.524979"),
        (2, {"quantity": "100"}, "100.000000", "62.011451", "0.731059"),
        (2, {"spend": "50"}, "83.179656", "50.000000", "0.696735"),
        (4, {"spend": "50"}, "127.951202", "50.000000", "0.545102"),
        (2, {"quantity": "219.722457"}, "219.722457", "160.943791", "0.900000"),
    ],
)
async def test_vectors(api: Api, *, count: int, members: Json, quantity: str, amount: str, price: str) -> None:
    """The numbers that every implementation of the rule must agree on, rounded toward the pool."""
    slug = await api.published_market(outcomes=["YES", "NO", "MAYBE", "NEVER"][:count])
    quote = answer(await api.anyone.quote(slug, **members), 200)
    assert (quote["quantity"], quote["amount"], quote["prices_after"]["YES"]) == (quantity, amount, price)


@pytest.mark.contract("quote")
async def test_quote(api: Api, open_market: str) -> None:
    """→ 200 with outcome, side, quantity, amount, average_price, price maps keyed by outcome name, version."""
    quote = answer(await api.anyone.quote(open_market, quantity="10"), 200)
    assert quote.keys() == QUOTE_MEMBERS
    assert quote == {
        "outcome": "YES",
        "side": "buy",
        "quantity": "10.000000",
        "amount": "5.124948",
        "average_price": "0.512495",
        "prices_before": {"YES": "0.500000", "NO": "0.500000"},
        "prices_after": {"YES": "0.524979", "NO": "0.475021"},
        "version": 0,
    }


@pytest.mark.contract("quote")
async def test_quote_changes_nothing(api: Api, trader: Caller, open_market: str) -> None:
    """A quote is asked, not done."""
    before = await api.anyone.market(open_market)
    first = answer(await trader.quote(open_market, spend="500"), 200)
    assert answer(await trader.quote(open_market, spend="500"), 200) == first
    assert await api.anyone.market(open_market) == before
    assert await trader.portfolio() == {**await trader.portfolio(), "balance": "1000.000000", "positions": []}


async def moved_market(api: Api, **members: Any) -> tuple[str, Caller]:
    """A market that has traded, and somebody who holds 50 YES and 20 NO of it."""
    slug = await api.published_market(**members)
    holder = await api.open_account()
    answer(await holder.order(slug, quantity="50"), 201)
    answer(await holder.order(slug, "NO", quantity="20"), 201)
    return slug, holder


BODIES: list[Json] = [
    {"outcome": "YES", "side": "buy", "quantity": "10"},
    {"outcome": "NO", "side": "buy", "quantity": "33.333333"},
    {"outcome": "YES", "side": "buy", "quantity": "0.000001"},
    {"outcome": "YES", "side": "buy", "spend": "25"},
    {"outcome": "NO", "side": "buy", "spend": "0.000001"},
    {"outcome": "NO", "side": "buy", "spend": "123.456789"},
    {"outcome": "YES", "side": "sell", "quantity": "50"},
    {"outcome": "YES", "side": "sell", "quantity": "0.000001"},
    {"outcome": "NO", "side": "sell", "quantity": "7.777777"},
    {"outcome": "YES", "side": "buy", "quantity": "10", "limit_price": "0.7"},
    {"outcome": "YES", "side": "buy", "quantity": "100", "limit_price": "0.6", "time_in_force": "immediate_or_cancel"},
    {"outcome": "YES", "side": "buy", "spend": "100", "limit_price": "0.6", "time_in_force": "immediate_or_cancel"},
    {"outcome": "NO", "side": "buy", "spend": "5", "limit_price": "0.9", "time_in_force": "immediate_or_cancel"},
    {"outcome": "YES", "side": "sell", "quantity": "50", "limit_price": "0.5", "time_in_force": "immediate_or_cancel"},
    {"outcome": "YES", "side": "sell", "quantity": "5", "limit_price": "0.4", "time_in_force": "fill_or_kill"},
]


@pytest.mark.contract("quote")
@pytest.mark.parametrize("body", BODIES)
async def test_order_costs_what_was_quoted(api: Api, body: Json) -> None:
    """The order that follows at the same version costs exactly that."""
    slug, holder = await moved_market(api)
    before = await holder.balance()
    quote = answer(await api.anyone.send("POST", f"/v1/markets/{slug}/quotes", body=body), 200)
    order = answer(await holder.post(f"/v1/markets/{slug}/orders", {**body, "version": quote["version"]}), 201)
    assert (order["outcome"], order["side"]) == (quote["outcome"], quote["side"])
    assert order["filled_quantity"] == quote["quantity"]
    assert order["amount"] == quote["amount"]
    assert order["average_price"] == quote["average_price"]
    (trade,) = order["trades"]
    assert (trade["quantity"], trade["amount"]) == (quote["quantity"], quote["amount"])
    assert trade["prices_after"] == quote["prices_after"]
    assert trade["version"] == quote["version"] + 1
    paid = Decimal(quote["amount"]) if quote["side"] == "buy" else -Decimal(quote["amount"])
    assert Decimal(order["balance"]) == before - paid
    market = await api.anyone.market(slug)
    assert {outcome["name"]: outcome["price"] for outcome in market["outcomes"]} == quote["prices_after"]


async def test_prices_of_a_quote_are_the_markets(api: Api) -> None:
    """`prices_before` is what the market shows, at the version that the quote names."""
    slug, _ = await moved_market(api)
    market = await api.anyone.market(slug)
    quote = answer(await api.anyone.quote(slug, "NO", quantity="5"), 200)
    assert quote["prices_before"] == {outcome["name"]: outcome["price"] for outcome in market["outcomes"]}
    assert quote["version"] == market["version"] == 2


async def test_average_price(api: Api) -> None:
    """`average_price` is amount ÷ filled quantity, half-even."""
    slug, _ = await moved_market(api)
    for members in ({"quantity": "3"}, {"quantity": "7.000001"}, {"spend": "11"}, {"quantity": "0.000003"}):
        quote = answer(await api.anyone.quote(slug, **members), 200)
        exact = Decimal(quote["amount"]) / Decimal(quote["quantity"])
        assert quote["average_price"] == reference.six(exact)


@pytest.mark.parametrize("count", [2, 3, 7, 20])
async def test_rule_of_the_market_maker(api: Api, count: int) -> None:
    """Trades cost ⌈ΔC⌉ and pay ⌊−ΔC⌋ of C(q) = b ln Σ exp(q_i/b); prices are p_i rounded half-even."""
    chance = random.Random(count)
    liquidity = Decimal(40)
    names = [f"O{number}" for number in range(count)]
    slug = await api.published_market(outcomes=names, liquidity=str(liquidity))
    trader = await api.open_account()
    shares = [Decimal(0)] * count
    for _ in range(8):
        chosen = chance.randrange(count)
        if chance.random() < 0.5:
            spend = Decimal(chance.randint(1, 20_000_000)) / 1_000_000
            order = answer(await trader.order(slug, names[chosen], spend=f"{spend:f}"), 201)
            assert order["quantity"] == reference.quantity_for(shares, liquidity, chosen, spend)
            assert Decimal(order["amount"]) <= spend
            change = Decimal(order["quantity"])
        elif shares[chosen] > 1:
            change = -Decimal(chance.randint(1, int(shares[chosen] * 1_000_000))) / 1_000_000
            order = answer(await trader.order(slug, names[chosen], "sell", quantity=f"{-change:f}"), 201)
        else:
            change = Decimal(chance.randint(1, 20_000_000)) / 1_000_000
            order = answer(await trader.order(slug, names[chosen], quantity=f"{change:f}"), 201)
        assert order["amount"] == reference.amount_of(shares, liquidity, chosen, change)
        shares = reference.moved(shares, chosen, change)
        prices = dict(zip(names, map(reference.six, reference.prices(shares, liquidity)), strict=True))
        assert order["trades"][0]["prices_after"] == prices


@pytest.mark.contract("quote")
async def test_quote_ignores_funds(api: Api, open_market: str) -> None:
    """It ignores the caller's funds, and needs no caller."""
    poor = await api.open_account()
    for caller in (api.anyone, poor, await api.sign_in()):
        quote = answer(await caller.quote(open_market, quantity="100000"), 200)
        assert Decimal(quote["amount"]) > 99_000


@pytest.mark.contract("quote")
async def test_quote_ignores_shares(api: Api) -> None:
    """It ignores the caller's shares: a sale of what others hold has its price."""
    slug, holder = await moved_market(api)
    quotes = [answer(await who.quote(slug, side="sell", quantity="50"), 200) for who in (api.anyone, holder)]
    assert quotes[0] == quotes[1]


@pytest.mark.parametrize(("outcome", "quantity"), [("YES", "50.000001"), ("NO", "20.000001"), ("NO", "999999999999")])
async def test_quote_of_more_than_is_outstanding(api: Api, outcome: str, quantity: str) -> None:
    """A sale above the outstanding shares is insufficient-shares."""
    slug, _ = await moved_market(api)
    problem(await api.anyone.quote(slug, outcome, "sell", quantity=quantity), 422, "insufficient-shares")


@pytest.mark.contract("quote", "conflicts")
async def test_quote_has_the_orders_conflicts(api: Api) -> None:
    """Same 409s as the order."""
    slug, _ = await moved_market(api)
    anyone = api.anyone
    exceeded = (409, "price-limit-exceeded")
    problem(await anyone.quote(slug, quantity="100", limit_price="0.6"), *exceeded)
    problem(await anyone.quote(slug, quantity="1", version=1), *exceeded)
    problem(await anyone.quote(slug, quantity="1", version=3), *exceeded)
    answer(await anyone.quote(slug, quantity="1", version=2), 200)
    cancel = {"time_in_force": "immediate_or_cancel"}
    problem(await anyone.quote(slug, quantity="1", limit_price="0.5", **cancel), *exceeded)
    problem(await anyone.quote(slug, quantity="1", version=3, **cancel), *exceeded)


@pytest.mark.contract("quote", "422")
async def test_quote_of_an_unknown_outcome(api: Api, open_market: str) -> None:
    """422 invalid-order (unknown outcome); names compare exactly."""
    for outcome in ("MAYBE", "yes", "YES ", "\uff39\uff25\uff33"):
        problem(await api.anyone.quote(open_market, outcome, quantity="1"), 422, "invalid-order")


BAD_BODIES: list[tuple[Json, str | None]] = [
    ({"side": "buy", "quantity": "1"}, "outcome"),
    ({"outcome": "YES", "quantity": "1"}, "side"),
    ({"outcome": "YES", "side": "buy"}, None),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "spend": "1"}, None),
    ({"outcome": "YES", "side": "sell", "spend": "1"}, "spend"),
    ({"outcome": "YES", "side": "sell", "quantity": "1", "spend": "1"}, None),
    ({"outcome": "YES", "side": "hold", "quantity": "1"}, "side"),
    ({"outcome": "YES", "side": "BUY", "quantity": "1"}, "side"),
    ({"outcome": "YES", "side": 1, "quantity": "1"}, "side"),
    ({"outcome": 1, "side": "buy", "quantity": "1"}, "outcome"),
    ({"outcome": "", "side": "buy", "quantity": "1"}, "outcome"),
    ({"outcome": "O" * 41, "side": "buy", "quantity": "1"}, "outcome"),
    ({"outcome": "YES\x00", "side": "buy", "quantity": "1"}, "outcome"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "limit_price": "0"}, "limit_price"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "limit_price": "1"}, "limit_price"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "limit_price": "1.000001"}, "limit_price"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "limit_price": 0.5}, "limit_price"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "time_in_force": "good_til_cancelled"}, "time_in_force"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "time_in_force": "FILL_OR_KILL"}, "time_in_force"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "version": "0"}, "version"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "version": True}, "version"),
    ({"outcome": "YES", "side": "buy", "quantity": "1", "version": 0.5}, "version"),
]


@pytest.mark.parametrize(("body", "field"), BAD_BODIES)
async def test_quote_and_order_are_validated(api: Api, open_market: str, body: Json, field: str | None) -> None:
    """The body of a quote is the body of an order, and what it shows alone is a 400 of both."""
    trader = await api.open_account()
    fields = None if field is None else [field]
    path = f"/v1/markets/{open_market}"
    problem(await trader.send("POST", f"{path}/quotes", body=body), 400, "validation-failed", fields)
    problem(await trader.post(f"{path}/orders", body), 400, "validation-failed", fields)
    assert await trader.balance() == 1000


async def test_quote_remembers_no_key(api: Api, trader: Caller, open_market: str) -> None:
    """Idempotency-Key is honoured on every other POST except quotes: there it is nobody's."""
    key, path = new_key(), f"/v1/markets/{open_market}/quotes"
    body: Json = {"outcome": "YES", "side": "buy", "quantity": "1"}
    first = await trader.post(path, body, key=key)
    second = await trader.post(path, {**body, "quantity": "2"}, key=key)
    assert answer(first, 200)["quantity"] == "1.000000"
    assert answer(second, 200)["quantity"] == "2.000000"
    assert "Idempotency-Replayed" not in second.headers
    slug = await api.published_market()
    answer(await trader.order(slug, quantity="1", key=key), 201)
