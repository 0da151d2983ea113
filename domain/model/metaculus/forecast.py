"""Forecasts: what an account says of a market, and what it trades to say so.

A forecast names a price for every outcome. What is held of outcomes that are dearer is sold first, as far as that
price; then a stake buys outcomes that are cheaper, up to it. So a market comes to the forecast of whoever has enough to
stake, and nobody stakes more than a small part of what they have on one forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.model.kernel.command import answer
from domain.model.kernel.money import Money
from domain.model.kernel.record import record
from domain.model.trading import lmsr
from domain.model.trading.book import Book
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.trade import Side

STAKES = 50
"""How many stakes a balance is: one is 2 % of it."""
KEPT = 100
"""How many of an account's forecasts of one market are kept: the last."""


class Forecasted(NamedTuple):
    """One forecast.

    Args:
        prices: of each outcome, in millionths.
        created_at: when.
    """

    prices: tuple[int, ...]
    created_at: datetime


@answer("Forecasts")
@record("forecasts", key=("account", "market"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Forecasts:
    """What an account has forecast of a market, oldest first.

    Args:
        account: whose they are.
        market: the market's slug.
        history: the last KEPT of them.
        version: how many there were.
    """

    account: str
    market: str
    history: tuple[Forecasted, ...]
    version: int


def add_forecast(before: Forecasts | None, account: str, market: str, forecast: Forecasted) -> Forecasts:
    """The forecasts with one more."""
    known, version = (before.history, before.version) if before else ((), 0)
    return Forecasts(account, market, (*known, forecast)[-KEPT:], version + 1)


def stake_of(balance: Money) -> int:
    """The micro-credits that all purchases of one forecast may cost together."""
    return balance.amount // STAKES


def sale_toward(book: Book, outcome: int, held: int, price: int) -> OrderTerms | None:
    """The order that sells what is held of an outcome as far as a price; None where there is nothing to sell.

    Args:
        book: the market's.
        outcome: its index.
        held: micro-shares.
        price: in millionths, strictly between 0 and one.
    """
    if held == 0 or lmsr.most_to_sell(book.quantities, book.liquidity, outcome, price) <= 0:
        return None
    return OrderTerms(
        book.outcomes[outcome],
        Side.SELL,
        quantity=held,
        limit_price=price,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
    )


def purchase_toward(book: Book, outcome: int, stake: int, price: int) -> OrderTerms | None:
    """The order that buys an outcome for at most a stake, up to a price; None where the stake or the way to it is none.

    Args:
        book: the market's.
        outcome: its index.
        stake: micro-credits.
        price: in millionths, strictly between 0 and one.
    """
    if stake == 0 or lmsr.most_to_buy(book.quantities, book.liquidity, outcome, price) <= 0:
        return None
    return OrderTerms(
        book.outcomes[outcome],
        Side.BUY,
        spend=stake,
        limit_price=price,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
    )


def purchases_first(book: Book, prices: Sequence[int]) -> tuple[int, ...]:
    """The outcomes that are cheaper than a forecast says, by index: first what is farthest from it."""
    gaps = [
        wanted - shown for wanted, shown in zip(prices, lmsr.shown_prices(book.quantities, book.liquidity), strict=True)
    ]
    return tuple(sorted((index for index, gap in enumerate(gaps) if gap > 0), key=lambda index: -gaps[index]))
