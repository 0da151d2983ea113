from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.kernel.money import MICROS, Money
from domain.model.trading.book import Listing, open_book
from domain.model.trading.replay import ReplayMismatchError, ShownMarket, ShownOutcome, shown_market, verify_market
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade, seal_trade
from tests.unit.model.builders import active_market, buy, sell, trade_on


class History(NamedTuple):
    """What a market shows, and its trades, the oldest first."""

    market: ShownMarket
    trades: list[Trade]


def live(orders: Sequence[tuple[int, int]], outcomes: tuple[str, ...] = ("YES", "NO")) -> History:
    """A market with the orders of one trader: an outcome's index and micro-shares, negative to sell up to so many."""
    market = active_market(outcomes)
    book, position, trades = open_book(market), None, list[Trade]()
    for outcome, wanted in orders:
        quantity = max(wanted, -book.quantities[outcome])
        if quantity:
            terms = buy(outcomes[outcome], quantity) if quantity > 0 else sell(outcomes[outcome], -quantity)
            book, position, _, trade = trade_on(book, position, terms)
            trades.append(trade)
    return History(shown_market(Listing(market, book)), trades)


def reseal(trades: Sequence[Trade]) -> list[Trade]:
    """The trades with a chain that is whole again, as a forger who knows the rule would leave it."""
    sealed, head = list[Trade](), NO_TRADE_DIGEST
    for trade in trades:
        sealed.append(seal_trade(head, trade))
        head = sealed[-1].digest
    return sealed


WHOLE = live([(0, 10 * MICROS), (1, 3 * MICROS), (0, -4 * MICROS), (1, 7), (1, -2), (0, MICROS)])
THIRD = WHOLE.trades[2]
LATER = THIRD.created_at + timedelta(microseconds=1)


def refused(market: ShownMarket, trades: Sequence[Trade]) -> tuple[int | None, str]:
    """Which trade was found to be wrong, and in what."""
    with pytest.raises(ReplayMismatchError) as caught:
        verify_market(market, trades)
    return caught.value.version, caught.value.field


def with_third(trade: Trade) -> list[Trade]:
    """The history with another third trade."""
    return [*WHOLE.trades[:2], trade, *WHOLE.trades[3:]]


def test_a_whole_history_is_verified() -> None:
    """What really happened is found to be right, also when nothing did."""
    verify_market(*WHOLE)
    verify_market(*live([]))


@settings(max_examples=20)
@given(
    st.sampled_from([("YES", "NO"), ("a", "b", "c"), ("Ja, größer", "日本🎌", "x y", "=1+1", "e")]),
    st.lists(st.tuples(st.integers(0, 4), st.integers(-(10**9), 10**9)), max_size=6),
)
def test_every_history_is_verified(outcomes: tuple[str, ...], orders: list[tuple[int, int]]) -> None:
    """Whatever is traded in whatever market, micro-shares or a thousand shares: the replay comes to what it shows."""
    verify_market(*live([(outcome % len(outcomes), quantity) for outcome, quantity in orders], outcomes))


FORGED = {
    "id": replace(THIRD, id="f" * 32),
    "account": replace(THIRD, account="mallory"),
    "created_at": replace(THIRD, created_at=LATER),
    "digest": replace(THIRD, digest="f" * 64),
}


@pytest.mark.parametrize("field", FORGED)
def test_the_chain_shows_who_did_what_when(field: str) -> None:
    """What the market maker does not compute is held by the digest."""
    assert refused(WHOLE.market, with_third(FORGED[field])) == (3, "digest")


@pytest.mark.parametrize(
    ("forged", "field"),
    [
        (replace(THIRD, market="snow"), "market"),
        (replace(THIRD, outcome="MAYBE"), "outcome"),
        (replace(THIRD, outcome="NO", quantity=MICROS), "amount"),
        (replace(THIRD, side=Side.BUY), "amount"),
        (replace(THIRD, quantity=THIRD.quantity + 1000), "amount"),
        (replace(THIRD, quantity=0), "quantity"),
        (replace(THIRD, quantity=-1), "quantity"),
        (replace(THIRD, quantity=11 * MICROS), "quantity"),
        (replace(THIRD, amount=Money(THIRD.amount.amount + 1)), "amount"),
        (replace(THIRD, amount=Money(-THIRD.amount.amount)), "amount"),
        (replace(THIRD, prices_after=THIRD.prices_after[:1]), "prices_after"),
        (replace(THIRD, prices_after=(*THIRD.prices_after, OutcomePrice("MAYBE", 0))), "prices_after"),
        (replace(THIRD, prices_after=(OutcomePrice("YES", 1), THIRD.prices_after[1])), "prices_after"),
        (replace(THIRD, version=4), "version"),
        (replace(THIRD, version=2), "version"),
    ],
)
def test_a_forger_who_mends_the_chain_is_found_all_the_same(forged: Trade, field: str) -> None:
    """What the market maker computes is wrong wherever it differs, though every digest is right."""
    assert refused(WHOLE.market, reseal(with_third(forged))) == (3, field)


@settings(max_examples=30)
@given(st.integers(0, len(WHOLE.trades) - 1), st.integers(-(10**6), 10**6).filter(bool), st.booleans())
def test_no_amount_is_wrong_unnoticed(index: int, difference: int, mended: bool) -> None:
    """Whichever trade's amount is off by however little, that very trade is named."""
    trades = list(WHOLE.trades)
    trades[index] = replace(trades[index], amount=Money(trades[index].amount.amount + difference))
    assert refused(WHOLE.market, reseal(trades) if mended else trades) == (index + 1, "amount")


def test_a_chain_that_begins_elsewhere_is_found() -> None:
    """The first trade is chained to 64 zeros and to nothing else."""
    first = seal_trade("1" * 64, WHOLE.trades[0])
    assert refused(WHOLE.market, [first, *WHOLE.trades[1:]]) == (1, "digest")


def test_no_trade_can_be_missing_double_or_out_of_order() -> None:
    """Versions have no gaps: the first that is not the next is named, and a last one that is missing is missed."""
    trades = WHOLE.trades
    assert refused(WHOLE.market, trades[1:]) == (1, "version")
    assert refused(WHOLE.market, [*trades[:2], *trades[3:]]) == (3, "version")
    assert refused(WHOLE.market, [*trades[:3], *trades[2:]]) == (4, "version")
    assert refused(WHOLE.market, [trades[1], trades[0], *trades[2:]]) == (1, "version")
    assert refused(WHOLE.market, trades[:-1]) == (None, "version")


@pytest.mark.parametrize(
    ("shown", "field"),
    [
        ({"version": 7}, "version"),
        ({"trade_count": 5}, "trade_count"),
        ({"volume": WHOLE.market.volume - 1}, "volume"),
        (
            {"outcomes": (ShownOutcome("YES", *WHOLE.market.outcomes[0][1:2], 1), WHOLE.market.outcomes[1])},
            "shares of YES",
        ),
        (
            {"outcomes": (WHOLE.market.outcomes[0], ShownOutcome("NO", 1, WHOLE.market.outcomes[1].shares))},
            "price of NO",
        ),
    ],
)
def test_what_the_market_shows_is_compared(shown: dict[str, Any], field: str) -> None:
    """Every trade may be right, and the market still show what they do not come to."""
    assert refused(replace(WHOLE.market, **shown), WHOLE.trades) == (None, field)


def test_another_liquidity_is_found_at_the_first_trade() -> None:
    """A market that shows another liquidity than it trades with is caught by its first charge."""
    assert refused(replace(WHOLE.market, liquidity=99 * MICROS), WHOLE.trades) == (1, "amount")


def test_the_message_says_what_is_shown_and_what_it_should_be() -> None:
    """Amounts are written as the API writes them, so that people can look them up."""
    forged = replace(WHOLE.trades[0], amount=Money(5 * MICROS))
    with pytest.raises(
        ReplayMismatchError, match=r"^trade 1 shows amount 5\.000000, and the replay comes to 5\.124948$"
    ):
        verify_market(WHOLE.market, [forged])


@pytest.mark.parametrize(
    "impossible",
    [
        {"liquidity": 0},
        {"liquidity": 10**13},
        {"outcomes": WHOLE.market.outcomes[:1]},
        {"outcomes": WHOLE.market.outcomes[:1] * 2},
    ],
)
def test_a_market_that_cannot_be_is_refused(impossible: dict[str, Any]) -> None:
    """What no market can show is refused before anything is computed with it."""
    with pytest.raises(ValueError, match="market"):
        replace(WHOLE.market, **impossible)


def test_the_smallest_trades_are_verified() -> None:
    """One micro-share bought, and sold again."""
    market, trades = live([(0, 1), (1, 1), (0, -1)])
    assert [trade.quantity for trade in trades] == [1, 1, 1]
    verify_market(market, trades)
    for quantity in (0, -1):
        forged = reseal([replace(trades[0], quantity=quantity), *trades[1:]])
        assert refused(market, forged) == (1, "quantity")
