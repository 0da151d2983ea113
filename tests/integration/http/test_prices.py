"""Price histories: candles are a fold of a market's trades that anybody can do again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, answer, check_decimal, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

LENGTHS = {"1m": timedelta(minutes=1), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def prices(caller: Caller, slug: str, **parameters: Any) -> list[Json]:
    """A market's candles, in the formats of the contract."""
    named = {name.rstrip("_"): value for name, value in parameters.items()}
    path = f"/v1/markets/{slug}/prices"
    content: Json = answer(await caller.http.get(path, params=named, headers=caller.credential), 200)
    assert content.keys() == {"prices"}
    for candle in content["prices"]:
        assert candle.keys() == {"time", "outcomes", "volume"}
        for outcome in candle["outcomes"].values():
            assert outcome.keys() == {"open", "high", "low", "close"}
            for name, price in outcome.items():
                check_decimal(name, price)
    found: list[Json] = content["prices"]
    return found


def told(instant: datetime) -> str:
    """An instant as answers tell it."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def folded(trades: Iterable[Json], interval: str, opening: dict[str, str]) -> list[Json]:
    """The candles of trades, worked out from api.md alone."""
    candles: dict[str, Json] = {}
    last = opening
    for trade in sorted(trades, key=lambda trade: trade["version"]):
        instant = datetime.fromisoformat(trade["created_at"])
        time = told(instant - (instant - EPOCH) % LENGTHS[interval])
        candle = candles.setdefault(
            time, {"time": time, "volume": Decimal(0), "seen": {o: [p] for o, p in last.items()}}
        )
        candle["volume"] += Decimal(trade["amount"])
        last = trade["prices_after"]
        for outcome, price in last.items():
            candle["seen"][outcome].append(price)
    return [
        {
            "time": candle["time"],
            "outcomes": {
                outcome: {"open": seen[0], "high": max(seen), "low": min(seen), "close": seen[-1]}
                for outcome, seen in candle["seen"].items()
            },
            "volume": f"{candle['volume']:.6f}",
        }
        for candle in candles.values()
    ]


PAUSES = [timedelta(0), timedelta(seconds=50), timedelta(minutes=3), timedelta(hours=2), timedelta(days=1, minutes=1)]


async def traded(api: Api) -> str:
    """A market on which somebody buys and sells, with pauses of seconds to days."""
    trader, slug = await api.open_account(), await api.published_market()
    for number, pause in enumerate(PAUSES):
        api.clock.advance(pause)
        trader = await api.sign_in(account=trader.account)
        answer(await trader.order(slug, "YES", quantity=f"{number + 5}"), 201)
        answer(await trader.order(slug, "NO" if number % 2 else "YES", quantity="3"), 201)
        answer(await trader.order(slug, "YES", "sell", quantity=f"{number + 1}"), 201)
    return slug


@pytest.mark.contract("prices")
async def test_candles_are_a_fold_of_the_trades(fresh_api: Api) -> None:
    """Oldest first, only intervals with trades, `time` their UTC start, `open` the price before the first trade."""
    slug, anyone = await traded(fresh_api), fresh_api.anyone
    trades = await anyone.items(f"/v1/markets/{slug}/trades")
    assert len(trades) == 3 * len(PAUSES)
    for interval, length in LENGTHS.items():
        expected = folded(trades, interval, {"YES": "0.500000", "NO": "0.500000"})
        assert len(expected) > 1
        first = datetime.fromisoformat(expected[0]["time"])
        end = first + 1000 * length
        within = [candle for candle in expected if datetime.fromisoformat(candle["time"]) < end]
        assert await prices(anyone, slug, interval=interval, from_=told(first), to=told(end)) == within


@pytest.mark.contract("prices")
async def test_from_and_to(fresh_api: Api) -> None:
    """`from` ≤ time < `to`; any RFC 3339 date-time with an offset."""
    slug, anyone = await traded(fresh_api), fresh_api.anyone
    everything = await prices(anyone, slug, interval="1h")
    times = [candle["time"] for candle in everything]
    assert len(times) >= 3
    middle, end = times[1], times[-1]
    assert await prices(anyone, slug, interval="1h", from_=middle, to=end) == everything[1:-1]
    assert await prices(anyone, slug, interval="1h", from_=middle, to=middle) == []
    just_after = told(datetime.fromisoformat(middle) + timedelta(microseconds=1))
    assert await prices(anyone, slug, interval="1h", from_=just_after) == everything[2:]
    assert await prices(anyone, slug, interval="1h", to=just_after) == everything[:2]
    elsewhere = datetime.fromisoformat(middle).astimezone(tz=None).isoformat()
    abroad = f"{datetime.fromisoformat(middle) + timedelta(hours=5, minutes=30):%Y-%m-%dT%H:%M:%S}+05:30"
    for same in (elsewhere, abroad):
        assert await prices(anyone, slug, interval="1h", from_=same) == everything[1:]


@pytest.mark.contract("prices")
async def test_at_most_a_thousand_intervals(api: Api, open_market: str) -> None:
    """At most 1 000, otherwise 400; so is an end before the start."""
    path = f"/v1/markets/{open_market}/prices"
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for interval, length in LENGTHS.items():
        span = {"interval": interval, "from": told(start)}
        longest = start + 1000 * length
        assert answer(await api.http.get(path, params={**span, "to": told(longest)}), 200) == {"prices": []}
        too_long = await api.http.get(path, params={**span, "to": told(longest + timedelta(microseconds=1))})
        problem(too_long, 400, "validation-failed")
        backwards = await api.http.get(path, params={**span, "to": told(start - length)})
        problem(backwards, 400, "validation-failed")


BAD: list[dict[str, str]] = [
    {"interval": "5m"},
    {"interval": "1H"},
    {"interval": ""},
    {"interval": "1m "},
    {"from": "yesterday"},
    {"from": "2026-01-01"},
    {"from": "2026-01-01T00:00:00"},
    {"to": "1767225600"},
    {"to": ""},
    {"to": "2026-02-30T00:00:00Z"},
]


@pytest.mark.parametrize("parameters", BAD, ids=repr)
async def test_parameters_are_validated(api: Api, open_market: str, parameters: dict[str, str]) -> None:
    """A bad interval or instant is a 400 that names it."""
    response = await api.http.get(f"/v1/markets/{open_market}/prices", params={"interval": "1m", **parameters})
    problem(response, 400, "validation-failed", list(parameters))


@pytest.mark.contract("prices", "404")
async def test_markets_without_prices(api: Api) -> None:
    """A market that nobody traded has no intervals; a draft is there for its creator alone; another is not found."""
    creator, other = await api.open_account(), await api.open_account()
    draft = await api.draft(creator)
    assert await prices(creator, draft, interval="1h") == []
    for caller in (other, api.anyone):
        problem(await caller.get(f"/v1/markets/{draft}/prices?interval=1h"), 404, "market-not-found")
    problem(await creator.get("/v1/markets/nowhere/prices?interval=1h"), 404, "market-not-found")
    problem(await other.get(f"/v1/markets/{draft}/prices?interval=2h"), 400, "validation-failed", ["interval"])
    answer(await creator.publish(draft), 200)
    assert await prices(api.anyone, draft, interval="1h") == []


@pytest.mark.contract("prices")
async def test_prices_stay_when_it_is_settled(api: Api, trader: Caller) -> None:
    """A market that is resolved keeps its history; a market of several outcomes has one for each."""
    creator = await api.open_account()
    slug = await api.published_market(creator, outcomes=["A", "B", "C"])
    order = answer(await trader.order(slug, "B", spend="20"), 201)
    before = await prices(api.anyone, slug, interval="1m")
    answer(await creator.resolve(slug, outcome="B"), 202)
    await creator.settled(slug)
    assert await prices(api.anyone, slug, interval="1m") == before
    (candle,) = before
    assert candle["volume"] == order["amount"]
    assert {name: range_["close"] for name, range_ in candle["outcomes"].items()} == order["trades"][0]["prices_after"]
    assert {range_["open"] for range_ in candle["outcomes"].values()} == {"0.333333"}
