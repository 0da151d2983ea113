"""Track records and the leaderboard."""

from datetime import datetime
from decimal import Decimal, localcontext
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller, eventually
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

RECORD_MEMBERS = {"account", "name", "period", "markets", "profit", "bought", "points", "brier", "calibration"}
RESULT_MEMBERS = {"market", "name", "resolved_at", "profit", "bought", "points", "brier"}
LEADER_MEMBERS = {"rank", "account", "name", "markets", "profit", "bought", "points", "brier"}


async def _resolve(creator: Caller, slug: str, **decision: Any) -> Json:
    answer(await creator.resolve(slug, **decision), 202)
    return await creator.settled(slug)


async def _record(api: Api, account: str, markets: int = 1, query: str = "") -> Json:
    """The record once it counts that many markets."""

    async def read() -> Json:
        record: Json = answer(await api.anyone.get(f"/v1/accounts/{account}/record{query}"), 200)
        return record

    return await eventually(read, lambda record: record["markets"] == markets)


@pytest.mark.contract("record", "results")
async def test_record(api: Api) -> None:
    """Profit, points and the Brier score are those that the trades come to; a result is the market's part of it."""
    creator, trader = await api.open_account(), await api.open_account()
    slug = await api.published_market(creator, name="Will it pour?")
    orders = [
        answer(await trader.order(slug, "YES", quantity="10"), 201),
        answer(await trader.order(slug, "NO", quantity="40"), 201),
    ]
    sold = answer(await trader.order(slug, "YES", "sell", quantity="4"), 201)
    market = await _resolve(creator, slug, payouts={"YES": "0.25", "NO": "0.75"})
    record = await _record(api, trader.account)
    assert record.keys() == RECORD_MEMBERS
    bought = sum(Decimal(order["amount"]) for order in orders)
    profit = 6 * Decimal("0.25") + 40 * Decimal("0.75") + Decimal(sold["amount"]) - bought
    forecasts = [
        (Decimal(order["quantity"]), Decimal(order["trades"][0]["prices_after"][order["outcome"]])) for order in orders
    ]
    (first, p), (second, q) = forecasts
    with localcontext(prec=50):
        brier = (first * (p - Decimal("0.25")) ** 2 + second * (q - Decimal("0.75")) ** 2) / (first + second)
        points = 100 * profit / (100 * Decimal(2).ln())
        assert Decimal(record["brier"]) == brier.quantize(Decimal("0.000001"))
        assert Decimal(record["points"]) == points.quantize(Decimal("0.000001"))
    assert (Decimal(record["profit"]), Decimal(record["bought"])) == (profit, bought)
    assert sum(Decimal(step["shares"]) for step in record["calibration"]) == 50
    assert sum(Decimal(step["paid"]) for step in record["calibration"]) == Decimal("32.5")
    assert [step.keys() for step in record["calibration"]] == [{"from", "to", "shares", "paid"}] * len(
        record["calibration"]
    )
    for step in record["calibration"]:
        assert any(Decimal(step["from"]) <= price < Decimal(step["to"]) for _, price in forecasts)
    (result,) = await api.anyone.items(f"/v1/accounts/{trader.account}/results")
    assert result.keys() == RESULT_MEMBERS
    assert (result["market"], result["name"]) == (slug, "Will it pour?")
    assert result["resolved_at"] == market["resolution"]["resolved_at"]
    assert {name: result[name] for name in ("profit", "bought", "points", "brier")} == {
        name: record[name] for name in ("profit", "bought", "points", "brier")
    }


@pytest.mark.contract("record")
async def test_periods(api: Api) -> None:
    """`all`, a year or a month of `resolved_at`; where nothing is counted there are zeros and no Brier score."""
    creator, trader = await api.open_account(), await api.open_account()
    slug = await api.published_market(creator)
    answer(await trader.order(slug, quantity="10"), 201)
    market = await _resolve(creator, slug, outcome="YES")
    everything = await _record(api, trader.account)
    month = f"{datetime.fromisoformat(market['resolution']['resolved_at']):%Y-%m}"
    for period in (month, month[:4]):
        record = await _record(api, trader.account, query=f"?period={period}")
        assert record == {**everything, "period": period}
    assert await _record(api, trader.account, 0, "?period=2999-12") == {
        "account": trader.account,
        "name": trader.account,
        "period": "2999-12",
        "markets": 0,
        "profit": "0.000000",
        "bought": "0.000000",
        "points": "0.000000",
        "brier": None,
        "calibration": [],
    }


@pytest.mark.parametrize("period", ["", "ALL", "26", "2026-13", "2026-00", "2026-1", "2026-11-01", "202611", "-2026"])
async def test_periods_that_are_none(api: Api, member: Caller, period: str) -> None:
    """Anything else is a 400."""
    for path in (f"/v1/accounts/{member.account}/record", "/v1/leaderboard"):
        problem(await api.anyone.get(f"{path}?period={period}"), 400, "validation-failed", ["period"])


async def test_sold_out_and_voided(api: Api) -> None:
    """Who has sold everything is counted; a market that is voided is not."""
    creator, trader, admin = await api.open_account(), await api.open_account(), await api.open_account("admin")
    voided, slug = await api.published_market(creator), await api.published_market(creator)
    for each in (voided, slug):
        answer(await trader.order(each, quantity="10"), 201)
        answer(await trader.order(each, side="sell", quantity="10"), 201)
    answer(await admin.void(voided), 202)
    await admin.settled(voided)
    await _resolve(creator, slug, outcome="NO")
    record = await _record(api, trader.account)
    assert Decimal(record["profit"]) <= 0 < Decimal(record["bought"])
    assert [result["market"] for result in await api.anyone.items(f"/v1/accounts/{trader.account}/results")] == [slug]
    assert (await _record(api, creator.account, 0))["calibration"] == []


@pytest.mark.contract("leaderboard")
async def test_leaderboard(fresh_api: Api) -> None:
    """Best first, ranks from 1, page by page, with what it was asked for; only accounts with a counted market."""
    api = fresh_api
    creator = await api.open_account()
    slug = await api.published_market(creator, tags=["weather"])
    traders = [await api.open_account() for _ in range(3)]
    for trader, outcome, quantity in zip(traders, ("YES", "NO", "YES"), ("10", "10", "20"), strict=True):
        answer(await trader.order(slug, outcome, quantity=quantity), 201)
    await _resolve(creator, slug, outcome="NO")
    for trader in traders:
        await _record(api, trader.account)
    board = answer(await api.anyone.get("/v1/leaderboard"), 200)
    assert board.keys() == {"leaderboard", "cursor", "period", "by"}
    assert (board["period"], board["by"], board["cursor"]) == ("all", "points", None)
    rows = board["leaderboard"]
    assert [row.keys() for row in rows] == [LEADER_MEMBERS] * 3
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert rows[0]["account"] == traders[1].account
    assert [Decimal(row["points"]) for row in rows] == sorted((Decimal(row["points"]) for row in rows), reverse=True)
    paged, cursor = list[Json](), ""
    page: Json = {}
    for _ in rows:
        page = answer(await api.anyone.get(f"/v1/leaderboard?by=profit&tag=weather&limit=1{cursor}"), 200)
        assert (page["period"], page["by"]) == ("all", "profit")
        paged += page["leaderboard"]
        cursor = f"&cursor={page['cursor']}"
    assert page["cursor"] is None
    assert paged == rows
    for query in ("by=brier", "tag=sport", "period=2999"):
        assert answer(await api.anyone.get(f"/v1/leaderboard?{query}"), 200)["leaderboard"] == []


@pytest.mark.contract("leaderboard")
@pytest.mark.parametrize(
    ("query", "field"),
    [("by=luck", "by"), ("tag=No", "tag"), ("tag=weather&period=2026", "tag"), ("limit=0", "limit")],
)
async def test_filters_that_are_none(api: Api, query: str, field: str) -> None:
    """Another measure, no tag, or a tag and a period: 400. `period=all` goes with a tag."""
    problem(await api.anyone.get(f"/v1/leaderboard?{query}"), 400, "validation-failed", [field])
    answer(await api.anyone.get("/v1/leaderboard?tag=weather&period=all"), 200)


async def test_cursors(api: Api, member: Caller) -> None:
    """A cursor of another query is a 400."""
    for path in ("/v1/leaderboard", f"/v1/accounts/{member.account}/results"):
        problem(await api.anyone.get(f"{path}?cursor=abc"), 400, "invalid-cursor")


@pytest.mark.contract("record", "results")
async def test_of_nobody(api: Api) -> None:
    """404 account-not-found."""
    for what in ("record", "results"):
        problem(await api.anyone.get(f"/v1/accounts/nobody/{what}"), 404, "account-not-found")
