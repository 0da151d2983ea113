"""Orders: buying and selling, limits, and the trades they leave."""

import asyncio
import hashlib
import json
from decimal import Decimal

import pytest

from tests.integration.http import reference
from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import ORDER_MEMBERS, TRADE_MEMBERS, Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

CANCEL = {"time_in_force": "immediate_or_cancel"}
EXCEEDED = (409, "price-limit-exceeded")

# With b = 100 and nothing sold, YES reaches 0.6 after 100 ln 1.5 shares and 0.4 after as many of NO.
TO_SIXTY = "40.546510"


@pytest.fixture
async def slug(api: Api) -> str:
    """A market between YES and NO with b = 100, where nobody has traded."""
    return await api.published_market()


async def unchanged(api: Api, trader: Caller, slug: str) -> None:
    """Nothing was traded: all money and shares are where they began."""
    market = await api.anyone.market(slug)
    assert (market["version"], market["volume"], market["trade_count"]) == (0, "0.000000", 0)
    assert [outcome["shares"] for outcome in market["outcomes"]] == ["0.000000", "0.000000"]
    assert await trader.portfolio() == {**await trader.portfolio(), "balance": "1000.000000", "positions": []}


@pytest.mark.contract("order", "numbers and times")
async def test_buy(api: Api, trader: Caller, slug: str) -> None:
    """→ 201 with what was asked, what was filled, credits paid, and the balance that is left."""
    order = answer(await trader.order(slug, quantity="10"), 201)
    assert order.keys() == ORDER_MEMBERS
    (trade,) = order["trades"]
    assert trade.keys() == TRADE_MEMBERS
    assert order == {
        "id": order["id"],
        "market": slug,
        "account": trader.account,
        "outcome": "YES",
        "side": "buy",
        "status": "filled",
        "quantity": "10.000000",
        "filled_quantity": "10.000000",
        "amount": "5.124948",
        "average_price": "0.512495",
        "trades": [trade],
        "balance": "994.875052",
        "created_at": order["created_at"],
    }
    assert trade == {
        "id": trade["id"],
        "market": slug,
        "account": trader.account,
        "outcome": "YES",
        "side": "buy",
        "quantity": "10.000000",
        "amount": "5.124948",
        "prices_after": {"YES": "0.524979", "NO": "0.475021"},
        "version": 1,
        "digest": trade["digest"],
        "created_at": trade["created_at"],
    }
    assert isinstance(order["id"], str)
    assert isinstance(trade["id"], str)
    assert await trader.balance() == Decimal(order["balance"])


@pytest.mark.contract("market")
async def test_market_after_a_buy(api: Api, trader: Caller, slug: str) -> None:
    """`shares` are outstanding; `volume` is Σ amount; `version` counts the book's trades."""
    before = await api.anyone.market(slug)
    answer(await trader.order(slug, quantity="100"), 201)
    market = await api.anyone.market(slug)
    outcomes = [
        {"name": "YES", "price": "0.731059", "shares": "100.000000"},
        {"name": "NO", "price": "0.268941", "shares": "0.000000"},
    ]
    changed = {"outcomes": outcomes, "volume": "62.011451", "trade_count": 1, "version": 1}
    trend = {"outcome": "YES", "prices": ["0.731059"]}
    assert market == {**before, **changed, "position": 2, "traders": 1, "trend": trend}


@pytest.mark.contract("order")
async def test_buy_by_spend(trader: Caller, slug: str) -> None:
    """`quantity` is, for a spend, what it buys without a limit; the amount is never above the spend."""
    order = answer(await trader.order(slug, spend="50"), 201)
    assert order["status"] == "filled"
    assert order["quantity"] == order["filled_quantity"] == "83.179656"
    assert order["amount"] == "50.000000"
    assert order["balance"] == "950.000000"
    assert order["average_price"] == reference.six(Decimal(50) / Decimal("83.179656"))


async def test_buy_one_of_four(api: Api, trader: Caller) -> None:
    """A market of four outcomes: 50 credits buy 127.951202 shares."""
    slug = await api.published_market(outcomes=["N", "E", "S", "W"])
    order = answer(await trader.order(slug, "S", spend="50"), 201)
    assert order["filled_quantity"] == "127.951202"
    assert order["trades"][0]["prices_after"]["S"] == "0.545102"


@pytest.mark.contract("order")
async def test_sell(trader: Caller, slug: str) -> None:
    """`amount` is credits received on a sale."""
    bought = answer(await trader.order(slug, quantity="100"), 201)
    sold = answer(await trader.order(slug, side="sell", quantity="40"), 201)
    assert sold["status"] == "filled"
    assert sold["amount"] == reference.amount_of([Decimal(100), Decimal(0)], Decimal(100), 0, Decimal(-40))
    assert Decimal(sold["balance"]) == Decimal(bought["balance"]) + Decimal(sold["amount"])
    assert await trader.holds(slug) == {"YES": 60}
    assert sold["trades"][0]["version"] == 2
    assert sold["trades"][0]["side"] == "sell"


async def test_no_round_trip_earns(trader: Caller, slug: str) -> None:
    """Rounding is toward the pool: buying and selling the same shares never gains a micro-credit."""
    for quantity in ("0.000001", "0.333333", "17.171717"):
        bought = answer(await trader.order(slug, quantity=quantity), 201)
        sold = answer(await trader.order(slug, side="sell", quantity=quantity), 201)
        assert 0 <= Decimal(bought["amount"]) - Decimal(sold["amount"]) <= Decimal("0.000002")
    assert await trader.balance() <= 1000


@pytest.mark.contract("order")
async def test_smallest_trades(trader: Caller, slug: str) -> None:
    """Any buy of a positive quantity pays at least 1 micro-credit; a sale may round to 0.000000."""
    bought = answer(await trader.order(slug, quantity="0.000001"), 201)
    sold = answer(await trader.order(slug, side="sell", quantity="0.000001"), 201)
    assert (bought["amount"], bought["average_price"]) == ("0.000001", "1.000000")
    assert (sold["amount"], sold["average_price"], sold["balance"]) == ("0.000000", "0.000000", "999.999999")


async def test_underdog_is_never_free(api: Api, trader: Caller) -> None:
    """However unlikely an outcome has become, a share of it costs something."""
    slug = await api.published_market(liquidity="1")
    answer(await trader.order(slug, quantity="900"), 201)
    order = answer(await trader.order(slug, "NO", quantity="1"), 201)
    assert order["amount"] == "0.000001"
    market = await api.anyone.market(slug)
    assert [outcome["price"] for outcome in market["outcomes"]] == ["1.000000", "0.000000"]


@pytest.mark.contract("market")
async def test_volume_counts_buys_and_sales(api: Api, trader: Caller, slug: str) -> None:
    """`volume` is Σ amount, buys and sales."""
    orders = [
        answer(await trader.order(slug, quantity="30"), 201),
        answer(await trader.order(slug, "NO", spend="10"), 201),
        answer(await trader.order(slug, side="sell", quantity="12.5"), 201),
    ]
    market = await api.anyone.market(slug)
    assert Decimal(market["volume"]) == sum(Decimal(order["amount"]) for order in orders)
    assert market["trade_count"] == market["version"] == 3


@pytest.mark.contract("limits of orders", "409")
async def test_limit_of_a_buy(api: Api, trader: Caller, slug: str) -> None:
    """`limit_price` binds the unrounded price after the fill: one micro-share more is the 409, and changes nothing."""
    problem(await trader.order(slug, quantity="40.546511", limit_price="0.6"), *EXCEEDED)
    await unchanged(api, trader, slug)
    order = answer(await trader.order(slug, quantity=TO_SIXTY, limit_price="0.6"), 201)
    assert order["status"] == "filled"
    assert order["trades"][0]["prices_after"]["YES"] == "0.600000"


async def test_limit_of_a_spend(api: Api, trader: Caller, slug: str) -> None:
    """A limit binds a buy by spend too."""
    problem(await trader.order(slug, spend="50", limit_price="0.69"), *EXCEEDED)
    await unchanged(api, trader, slug)
    assert answer(await trader.order(slug, spend="50", limit_price="0.7"), 201)["amount"] == "50.000000"


@pytest.mark.contract("limits of orders")
async def test_limit_of_a_sale(api: Api, trader: Caller, slug: str) -> None:
    """A sale's limit is the lowest price that it may leave."""
    answer(await trader.order(slug, quantity=TO_SIXTY), 201)
    problem(await trader.order(slug, side="sell", quantity="1", limit_price="0.6"), *EXCEEDED)
    problem(await trader.order(slug, side="sell", quantity=TO_SIXTY, limit_price="0.51"), *EXCEEDED)
    assert await trader.holds(slug) == {"YES": Decimal(TO_SIXTY)}
    order = answer(await trader.order(slug, side="sell", quantity=TO_SIXTY, limit_price="0.5"), 201)
    assert order["status"] == "filled"
    assert order["trades"][0]["prices_after"]["YES"] == "0.500000"


@pytest.mark.parametrize("limit_price", ["0.000001", "0.499999", "0.5"])
@pytest.mark.parametrize("force", ["fill_or_kill", "immediate_or_cancel"])
async def test_limit_already_reached(api: Api, trader: Caller, slug: str, limit_price: str, force: str) -> None:
    """The limit binds before the fill as well: nothing can be bought at 0.5 or below, so 409 with either."""
    problem(await trader.order(slug, quantity="1", limit_price=limit_price, time_in_force=force), *EXCEEDED)
    await unchanged(api, trader, slug)


async def test_limit_binds_the_unrounded_price(api: Api, trader: Caller, slug: str) -> None:
    """At a shown price of the limit the market may already be a hair above it: then nothing fills."""
    answer(await trader.order(slug, quantity="40.546511"), 201)
    assert (await api.anyone.market(slug))["outcomes"][0]["price"] == "0.600000"
    for force in ("fill_or_kill", "immediate_or_cancel"):
        response = await trader.order(slug, quantity="0.000001", limit_price="0.6", time_in_force=force)
        problem(response, *EXCEEDED)


@pytest.mark.contract("limits of orders")
async def test_fill_up_to_the_limit(trader: Caller, slug: str) -> None:
    """immediate_or_cancel fills up to the limit; `quantity` is what was asked."""
    order = answer(await trader.order(slug, quantity="100", limit_price="0.6", **CANCEL), 201)
    assert order["status"] == "partially_filled"
    assert order["quantity"] == "100.000000"
    assert order["filled_quantity"] == TO_SIXTY
    assert order["amount"] == reference.amount_of([Decimal(0)] * 2, Decimal(100), 0, Decimal(TO_SIXTY))
    assert [trade["quantity"] for trade in order["trades"]] == [TO_SIXTY]
    assert await trader.holds(slug) == {"YES": Decimal(TO_SIXTY)}
    problem(await trader.order(slug, quantity="1", limit_price="0.6", **CANCEL), *EXCEEDED)


async def test_spend_up_to_the_limit(trader: Caller, slug: str) -> None:
    """`quantity` of a spend is what it buys without a limit, `filled_quantity` what the limit let through."""
    order = answer(await trader.order(slug, spend="50", limit_price="0.6", **CANCEL), 201)
    assert order["status"] == "partially_filled"
    assert order["quantity"] == "83.179656"
    assert order["filled_quantity"] == TO_SIXTY
    assert order["amount"] == reference.amount_of([Decimal(0)] * 2, Decimal(100), 0, Decimal(TO_SIXTY))


async def test_sell_down_to_the_limit(trader: Caller, slug: str) -> None:
    """immediate_or_cancel sells down to the limit and keeps the rest."""
    answer(await trader.order(slug, quantity="100"), 201)
    order = answer(await trader.order(slug, side="sell", quantity="100", limit_price="0.6", **CANCEL), 201)
    assert order["status"] == "partially_filled"
    assert order["quantity"] == "100.000000"
    assert order["filled_quantity"] == "59.453489"
    assert await trader.holds(slug) == {"YES": Decimal(TO_SIXTY) + Decimal("0.000001")}


async def test_fill_within_the_limit(trader: Caller, slug: str) -> None:
    """immediate_or_cancel that the limit does not touch is filled whole."""
    order = answer(await trader.order(slug, quantity="10", limit_price="0.6", **CANCEL), 201)
    assert (order["status"], order["filled_quantity"], order["amount"]) == ("filled", "10.000000", "5.124948")
    order = answer(await trader.order(slug, quantity="10", **CANCEL), 201)
    assert (order["status"], order["filled_quantity"]) == ("filled", "10.000000")


@pytest.mark.contract("funds and version", "422")
async def test_funds_are_checked_against_the_amount(api: Api, trader: Caller, slug: str) -> None:
    """Funds are checked against `amount`, never by filling less."""
    short = (422, "insufficient-funds")
    for members in ({"quantity": "2000"}, {"spend": "1000.000001"}, {"spend": "5000", **CANCEL}):
        problem(await trader.order(slug, **members), *short)
    await unchanged(api, trader, slug)
    order = answer(await trader.order(slug, spend="5000", limit_price="0.6", **CANCEL), 201)
    assert order["filled_quantity"] == TO_SIXTY


@pytest.mark.contract("funds and version")
async def test_spend_everything(trader: Caller, slug: str) -> None:
    """All of the balance may be spent, and not one micro-credit more."""
    order = answer(await trader.order(slug, spend="1000"), 201)
    assert (order["amount"], order["balance"]) == ("1000.000000", "0.000000")
    problem(await trader.order(slug, "NO", quantity="0.000001"), 422, "insufficient-funds")


@pytest.mark.contract("funds and version", "422")
async def test_shares_that_one_does_not_hold(api: Api, trader: Caller, slug: str) -> None:
    """422 insufficient-shares: nobody is ever short, whatever others hold."""
    other = await api.open_account()
    answer(await other.order(slug, quantity="50"), 201)
    short = (422, "insufficient-shares")
    problem(await trader.order(slug, side="sell", quantity="1"), *short)
    answer(await trader.order(slug, "NO", quantity="10"), 201)
    problem(await trader.order(slug, side="sell", quantity="0.000001"), *short)
    problem(await trader.order(slug, "NO", "sell", quantity="10.000001"), *short)
    problem(await trader.order(slug, "NO", "sell", quantity="11", **CANCEL), *short)
    assert await trader.holds(slug) == {"NO": 10}
    answer(await trader.order(slug, "NO", "sell", quantity="10"), 201)
    problem(await trader.order(slug, "NO", "sell", quantity="0.000001"), *short)


@pytest.mark.contract("422")
@pytest.mark.parametrize("outcome", ["MAYBE", "yes", "YES ", " YES", "\uff39\uff25\uff33", "0"])
async def test_unknown_outcome(api: Api, trader: Caller, slug: str, outcome: str) -> None:
    """422 invalid-order: unknown outcome; names compare exactly."""
    problem(await trader.order(slug, outcome, quantity="1"), 422, "invalid-order")
    await unchanged(api, trader, slug)


@pytest.mark.contract("funds and version")
async def test_version(api: Api, trader: Caller, slug: str) -> None:
    """Any other `version` than the book's, older or newer, is the 409, with either time in force."""
    for version in (1, 2, 2**31, 2**63, 2**70):
        for force in ("fill_or_kill", "immediate_or_cancel"):
            problem(await trader.order(slug, quantity="1", version=version, time_in_force=force), *EXCEEDED)
    await unchanged(api, trader, slug)
    assert answer(await trader.order(slug, quantity="1", version=0.0), 201)["trades"][0]["version"] == 1  # an integer
    problem(await trader.order(slug, quantity="1", version=0), *EXCEEDED)
    problem(await trader.order(slug, quantity="1", version=0, **CANCEL), *EXCEEDED)
    assert answer(await trader.order(slug, quantity="1", version=1, **CANCEL), 201)["trades"][0]["version"] == 2


async def test_one_of_many_with_one_version(api: Api, slug: str) -> None:
    """Of orders at once that name the same version one trades."""
    traders = [await api.open_account() for _ in range(4)]
    responses = await asyncio.gather(*(trader.order(slug, quantity="1", version=0) for trader in traders))
    assert sorted(response.status_code for response in responses) == [201, 409, 409, 409]
    assert (await api.anyone.market(slug))["version"] == 1


def digest_of(trade: Json, previous: str) -> str:
    """The digest that a trade must have, from its JSON and the digest before it."""
    members = {name: member for name, member in trade.items() if name != "digest"}
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{canonical}".encode("ascii")).hexdigest()


def check_chain(trades: list[Json]) -> None:
    """The trades of a market, in their order: versions without gaps, each digest upon the one before."""
    previous = "0" * 64
    for version, trade in enumerate(trades, start=1):
        assert trade["version"] == version
        assert trade["digest"] == digest_of(trade, previous)
        previous = trade["digest"]


@pytest.mark.contract("digests")
async def test_digests_chain(api: Api, trader: Caller) -> None:
    """`digest` is the hex SHA-256 of the previous digest, a newline, and the trade's JSON without it, canonical."""
    outcomes = ["\U0001f327 rain", 'dry "\\/" \u00a0', "\u00e9t\u00e9"]
    slug = await api.published_market(outcomes=outcomes)
    other = await api.open_account()
    trades = []
    for caller, outcome, side in (
        (trader, outcomes[0], "buy"),
        (other, outcomes[1], "buy"),
        (trader, outcomes[2], "buy"),
        (trader, outcomes[0], "sell"),
        (other, outcomes[1], "sell"),
    ):
        trades += answer(await caller.order(slug, outcome, side, quantity="2.5"), 201)["trades"]
    check_chain(trades)
    assert len({trade["id"] for trade in trades}) == len(trades)


@pytest.mark.contract("digests")
async def test_failed_orders_leave_no_gap(trader: Caller, slug: str) -> None:
    """Versions of a market's trades have no gaps, whatever fails between them."""
    trades = []
    for _ in range(3):
        trades += answer(await trader.order(slug, quantity="1"), 201)["trades"]
        problem(await trader.order(slug, quantity="100000"), 422, "insufficient-funds")
        problem(await trader.order(slug, quantity="1", limit_price="0.1"), *EXCEEDED)
        problem(await trader.order(slug, "NO", "sell", quantity="1"), 422, "insufficient-shares")
    check_chain(trades)


async def test_many_at_once(api: Api, slug: str) -> None:
    """Orders at once all trade, one after the other: versions without gaps, one chain, no money made or lost."""
    traders = [await api.open_account() for _ in range(12)]
    outcomes = ["YES", "NO"] * 6
    responses = await asyncio.gather(
        *(trader.order(slug, outcome, spend="20") for trader, outcome in zip(traders, outcomes, strict=True))
    )
    orders = [answer(response, 201) for response in responses]
    check_chain(sorted((trade for order in orders for trade in order["trades"]), key=lambda trade: trade["version"]))
    market = await api.anyone.market(slug)
    assert Decimal(market["volume"]) == sum(Decimal(order["amount"]) for order in orders)
    for number, name in enumerate(("YES", "NO")):
        bought = sum(Decimal(order["filled_quantity"]) for order in orders if order["outcome"] == name)
        assert Decimal(market["outcomes"][number]["shares"]) == bought
    for trader, order in zip(traders, orders, strict=True):
        assert await trader.balance() == Decimal(order["balance"]) == 1000 - Decimal(order["amount"])


async def test_no_oversell_at_once(trader: Caller, slug: str) -> None:
    """Of sales at once of all that one holds one is filled."""
    answer(await trader.order(slug, quantity="10"), 201)
    responses = await asyncio.gather(*(trader.order(slug, side="sell", quantity="10") for _ in range(4)))
    assert sorted(response.status_code for response in responses) == [201, 422, 422, 422]
    assert await trader.holds(slug) == {}


async def test_no_overspending_at_once(api: Api, trader: Caller) -> None:
    """Of orders at once on several markets only those are filled that the balance pays."""
    slugs = [await api.published_market() for _ in range(4)]
    responses = await asyncio.gather(*(trader.order(slug, spend="400") for slug in slugs))
    assert sorted(response.status_code for response in responses) == [201, 201, 422, 422]
    assert await trader.balance() == 200


async def test_order_ids_are_unique(trader: Caller, slug: str) -> None:
    """Each order has an id of its own, and so has each trade."""
    orders = [answer(await trader.order(slug, quantity="1"), 201) for _ in range(4)]
    assert len({order["id"] for order in orders}) == 4
    assert len({order["trades"][0]["id"] for order in orders}) == 4


async def test_times(trader: Caller, slug: str) -> None:
    """Times go forward."""
    first = answer(await trader.order(slug, quantity="1"), 201)
    second = answer(await trader.order(slug, quantity="1"), 201)
    assert first["created_at"] <= second["created_at"]
    assert first["trades"][0]["created_at"] <= second["trades"][0]["created_at"]


@pytest.mark.contract("order")
async def test_wish_for_a_later_answer(trader: Caller, slug: str) -> None:
    """`Prefer: respond-async` may be answered 202 with Location and status `pending`, or 201 as ever."""
    headers = {"Idempotency-Key": new_key(), "Prefer": "respond-async"}
    body = {"outcome": "YES", "side": "buy", "quantity": "1"}
    response = await trader.send("POST", f"/v1/markets/{slug}/orders", body=body, headers=headers)
    order = answer(response, response.status_code)
    if response.status_code == 202:
        assert order["status"] == "pending"
        assert response.headers["Location"] == f"/v1/orders/{order['id']}"
    else:
        assert (response.status_code, order["status"]) == (201, "filled")


async def test_creator_and_admin_trade_like_others(api: Api) -> None:
    """Nothing forbids a creator or an admin to trade."""
    creator, admin = await api.open_account(), await api.open_account("admin")
    slug = await api.published_market(creator)
    answer(await creator.order(slug, quantity="1"), 201)
    answer(await admin.order(slug, quantity="1"), 201)
