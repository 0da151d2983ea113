import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.errors import InsufficientSharesError
from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.trading.buys import OutcomeBuys, StepShares
from domain.model.trading.position import HOLDER_SHARDS, Position, empty_position, holder_shard, trade_position
from domain.model.trading.trade import Side
from tests.unit.model.builders import a_trade

OUTCOMES = ("YES", "NO", "MAYBE")


def _traded(position: Position, outcome: int, side: Side, quantity: int, amount: int) -> Position:
    return trade_position(position, outcome, a_trade(OUTCOMES[outcome], side, quantity, amount))


def test_an_empty_position_holds_nothing() -> None:
    """Before the first trade there are no shares, nothing is spent, and the version is 0."""
    position = empty_position("alice", "rain", 3)
    assert position == Position("alice", "rain", (0, 0, 0), (ZERO, ZERO, ZERO), 0)
    assert not position.is_held
    assert (position.net_spend, position.staked) == (ZERO, ZERO)


def test_buying_adds_shares_and_spend() -> None:
    """A purchase is counted on its own outcome alone."""
    position = _traded(empty_position("alice", "rain", 3), 1, Side.BUY, 5 * MICROS, 2 * MICROS)
    spent = (ZERO, Money(2 * MICROS), ZERO)
    buys = (OutcomeBuys(1, Decimal("2.5"), Decimal("1.25"), (StepShares(5, Decimal(5)),)),)
    assert position == Position("alice", "rain", (0, 5 * MICROS, 0), spent, 1, Money(2 * MICROS), buys, 1)
    assert position.is_held


def test_selling_everything_leaves_a_position() -> None:
    """Whoever sold all holds nothing; what was lost on the way stays counted for a void."""
    bought = _traded(empty_position("alice", "rain", 2), 0, Side.BUY, 5, 3)
    sold = _traded(bought, 0, Side.SELL, 5, 1)
    assert (sold.quantities, sold.spent, sold.version) == ((0, 0), (Money(2), ZERO), 2)
    assert not sold.is_held
    assert sold.staked == Money(2)
    assert (sold.bought, sold.buys, sold.counted) == (bought.bought, bought.buys, 2)


def test_profit_is_no_negative_stake() -> None:
    """Net spend may be negative over all outcomes; the stake is then zero."""
    position = Position("alice", "rain", (0, 3), (Money(-10), Money(4)), 3)
    assert (position.net_spend, position.staked) == (Money(-6), ZERO)
    assert position.is_held


@pytest.mark.parametrize("outcome", [0, 1])
def test_nobody_sells_what_they_do_not_hold(outcome: int) -> None:
    """A sale of one micro-share more than held is refused, whatever is held of the others, and changes nothing."""
    position = Position("alice", "rain", (5, 5), (ZERO, ZERO), 1)
    with pytest.raises(InsufficientSharesError) as refusal:
        _traded(position, outcome, Side.SELL, 6, 0)
    assert refusal.value.code == "insufficient-shares"
    assert position.quantities == (5, 5)
    assert _traded(position, outcome, Side.SELL, 5, 0).quantities[outcome] == 0


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Side), st.integers(1, 9), st.integers(0, 9))))
def test_positions_follow_their_trades(trades: list[tuple[int, Side, int, int]]) -> None:
    """After any trades shares and spend are the sums of what was traded, never negative shares, one version each."""
    position, shares, net, done = empty_position("alice", "rain", 3), [0, 0, 0], 0, 0
    for outcome, side, quantity, amount in trades:
        sign = 1 if side is Side.BUY else -1
        if shares[outcome] + sign * quantity < 0:
            with pytest.raises(InsufficientSharesError):
                _traded(position, outcome, side, quantity, amount)
            continue
        position = _traded(position, outcome, side, quantity, amount)
        shares[outcome] += sign * quantity
        net, done = net + sign * amount, done + 1
    assert position.quantities == tuple(shares)
    assert position.net_spend == Money(net)
    assert position.staked == Money(max(0, net))
    assert position.version == done


def test_shards_are_fixed_for_ever() -> None:
    """An account's shard is the first byte of its SHA-256 modulo 16, whatever the process."""
    for account in ("alice", "bob", "a-b-c", "0"):
        assert holder_shard(account) == hashlib.sha256(account.encode()).digest()[0] % 16
    assert holder_shard("alice") == 0xB


def test_shards_are_all_used() -> None:
    """A few hundred accounts reach every shard and no other."""
    assert {holder_shard(f"account-{number}") for number in range(400)} == set(range(HOLDER_SHARDS))
