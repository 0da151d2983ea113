"""What an account did on one market, once that is resolved."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from domain.model.kernel.money import Money, subtract_money
from domain.model.kernel.record import record
from domain.model.kernel.shards import shard_of
from domain.model.record.score import brier_of, points_of
from domain.model.settlement.settlement import amount_owed
from domain.model.trading.book import Book
from domain.model.trading.buys import EXACT, OutcomeBuys, from_micros, sum_exactly
from domain.model.trading.market import Resolution
from domain.model.trading.position import Position

RESULT_SHARDS = 32
"""Into how many shards a market's results are spread: twice as many as its holders, since storing a result takes two
of the thousand write units a second of its shard, where taking a holder off the list takes one."""


class CalibrationStep(NamedTuple):
    """Shares bought at prices of one step, and what they paid out.

    Args:
        step: from 0 to 9.
        shares: how many.
        paid: in credits.
    """

    step: int
    shares: Decimal
    paid: Decimal


@record("result", key=("market", "account"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Result:
    """What an account did on one market.

    Args:
        market: the market's slug.
        account: whose it is.
        resolved_at: when the market was decided.
        profit: payouts and receipts less what was paid; may be negative.
        points: what the account added to the market's score, in millionths; see :func:`points_of`.
        bought: Σ amounts of purchases.
        weight: Σ w over the account's purchases, w the shares bought.
        squares: Σ w (p - o)², p the price shown after the purchase, o the outcome's payout.
        steps: the purchases by p, without the steps in which there are none.
        is_exact: whether every trade is in the sums; otherwise the market's trades have to be replayed.
        version: counts its forms, from 1.
    """

    market: str
    account: str
    resolved_at: datetime
    profit: Money
    points: int
    bought: Money
    weight: Decimal
    squares: Decimal
    steps: tuple[CalibrationStep, ...]
    is_exact: bool
    version: int = 1

    @property
    def brier(self) -> int | None:
        """The Brier score in millionths; None without purchases."""
        return brier_of(self.squares, self.weight)


def result_shard(account: str) -> int:
    """The shard, from 0 to 31, in which an account's results are stored: the same everywhere and for ever."""
    return shard_of(account, RESULT_SHARDS)


def result_of(book: Book, resolution: Resolution, position: Position) -> Result:
    """What a position comes to on a market that is resolved, not voided."""
    if resolution.payouts is None:
        raise ValueError(f"the market {book.slug!r} is voided and counts nothing")
    profit = subtract_money(amount_owed(book, resolution, position), position.net_spend)
    steps = tuple(step for buys in position.buys for step in _steps(buys, resolution.payouts[buys.outcome]))
    return Result(
        market=book.slug,
        account=position.account,
        resolved_at=resolution.resolved_at,
        profit=profit,
        points=points_of(profit, book.liquidity),
        bought=position.bought,
        weight=sum_exactly([step.shares for step in steps]),
        squares=sum_exactly([_squares(buys, resolution.payouts[buys.outcome]) for buys in position.buys]),
        steps=merge_steps((), steps),
        is_exact=position.is_counted,
    )


def merge_steps(left: tuple[CalibrationStep, ...], right: tuple[CalibrationStep, ...]) -> tuple[CalibrationStep, ...]:
    """Both calibrations in one, in the order of their steps."""
    merged: dict[int, CalibrationStep] = {}
    for each in (*left, *right):
        known = merged.get(each.step, CalibrationStep(each.step, Decimal(0), Decimal(0)))
        merged[each.step] = CalibrationStep(
            each.step, EXACT.add(known.shares, each.shares), EXACT.add(known.paid, each.paid)
        )
    return tuple(merged[step] for step in sorted(merged))


def _steps(buys: OutcomeBuys, payout: int) -> list[CalibrationStep]:
    paid = from_micros(payout)
    return [CalibrationStep(each.step, each.shares, EXACT.multiply(each.shares, paid)) for each in buys.steps]


def _squares(buys: OutcomeBuys, payout: int) -> Decimal:
    """Σ w (p - o)² = Σ w p² - 2 o Σ w p + o² Σ w."""
    paid = from_micros(payout)
    weight = sum_exactly([each.shares for each in buys.steps])
    crossed = EXACT.multiply(EXACT.multiply(Decimal(-2), paid), buys.prices)
    return sum_exactly([buys.squares, crossed, EXACT.multiply(EXACT.multiply(paid, paid), weight)])
