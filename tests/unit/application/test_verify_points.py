"""What `hunch verify` sees of a resolved market: everybody's points, computed anew from public trades."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.kernel.money import MICROS
from domain.model.record.market_points import log_score, replay_points, verify_points
from domain.model.record.result import Result
from domain.model.trading.replay import ReplayMismatchError, ShownMarket, shown_market
from domain.model.trading.trade import Trade
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import DEFINITION, World, admin, caller

TRADERS = ("bob", "cid", "dan")


async def _resolved(
    liquidity: int, deals: list[tuple[str, str, int]], payouts: Mapping[str, int]
) -> tuple[ShownMarket, list[Trade], dict[str, int]]:
    """A resolved market as it is shown, its trades, and everybody's points."""
    store = MemoryStore()
    world = World(MemoryPersistence.over(store))
    for account in ("ann", *TRADERS):
        await world.open(account)
    await world.give("ann", 10**10, admin("ann"))
    await world.publish("rain", "ann", replace(DEFINITION, liquidity=liquidity * MICROS))
    orders = [await world.buy(account, "rain", outcome, shares) for account, outcome, shares in deals]
    sold = await world.sell(deals[0][0], "rain", deals[0][1], deals[0][2])  # who has sold out counts as well
    await world.resolve("rain", caller("ann"), payouts)
    await world.settle("rain")
    trades = [trade for order in (*orders, sold) for trade in order.trades]
    return shown_market(await world.see("rain")), trades, {each.account: each.points for each in store.every(Result)}


@settings(max_examples=12, deadline=None)
@given(
    liquidity=st.integers(1, 1000),
    deals=st.lists(
        st.tuples(st.sampled_from(TRADERS), st.sampled_from(("YES", "NO")), st.integers(1, 90 * MICROS)),
        min_size=1,
        max_size=8,
    ),
    rate=st.integers(0, MICROS),
)
async def test_what_is_right(liquidity: int, deals: list[tuple[str, str, int]], rate: int) -> None:
    """Results of settlement are those of the trades, whatever the outcome, and add up to the market's score."""
    market, trades, shown = await _resolved(liquidity, deals, {"YES": rate, "NO": MICROS - rate})
    expected = replay_points(market, trades)
    assert expected == shown
    verify_points(market, expected, shown)


async def test_what_is_wrong_is_named() -> None:
    """A result that is another, and points that are all as shown and add up to something else."""
    deals = [("bob", "YES", 30 * MICROS), ("cid", "NO", 5 * MICROS)]
    market, trades, shown = await _resolved(100, deals, {"YES": MICROS, "NO": 0})
    expected = replay_points(market, trades)
    assert sum(expected.values()) == pytest.approx(float(log_score(market)), abs=20)
    with pytest.raises(ReplayMismatchError, match=r"points of cid 0\.000007"):
        verify_points(market, expected, {**shown, "cid": 7})
    verify_points(market, expected, {})  # nothing is wrong where nothing is shown yet
    inflated = {account: points + 10 for account, points in expected.items()}
    with pytest.raises(ReplayMismatchError, match="points of all"):
        verify_points(market, inflated, dict(inflated))
