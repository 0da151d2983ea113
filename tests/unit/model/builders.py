"""Markets, books and trades to start a test from."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from domain.model.kernel.money import MICROS, Money
from domain.model.trading.book import Book, Fill, apply_fill, open_book, price_order, seal_fill
from domain.model.trading.market import Market, MarketDefinition, create_market, publish_market
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import Position, empty_position, trade_position
from domain.model.trading.trade import OutcomePrice, Side, Trade

NOW = datetime(2026, 11, 5, 12, 30, 0, 250_000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Traded(NamedTuple):
    """What a trade leaves behind."""

    book: Book
    position: Position
    fill: Fill
    trade: Trade


def draft_market(
    outcomes: tuple[str, ...] = ("YES", "NO"), liquidity: int = 100 * MICROS, closes_at: datetime | None = None
) -> Market:
    """A draft by carol."""
    definition = MarketDefinition("Will it rain?", outcomes=outcomes, liquidity=liquidity, closes_at=closes_at)
    return create_market("rain", definition, "carol", NOW)


def active_market(
    outcomes: tuple[str, ...] = ("YES", "NO"), liquidity: int = 100 * MICROS, closes_at: datetime | None = None
) -> Market:
    """A market of carol's that is open for trading."""
    return publish_market(draft_market(outcomes, liquidity, closes_at), NOW)


def active_book(
    outcomes: tuple[str, ...] = ("YES", "NO"), liquidity: int = 100 * MICROS, quantities: tuple[int, ...] | None = None
) -> Book:
    """A book that takes orders; with given quantities its pool is as if they had been bought for their face value."""
    book = open_book(active_market(outcomes, liquidity))
    if quantities is None:
        return book
    return replace(book, quantities=quantities, pool=Money(book.pool.amount + sum(quantities)))


def buy(outcome: str, quantity: int) -> OrderTerms:
    """A plain order to buy."""
    return OrderTerms(outcome, Side.BUY, quantity=quantity)


def sell(outcome: str, quantity: int) -> OrderTerms:
    """A plain order to sell."""
    return OrderTerms(outcome, Side.SELL, quantity=quantity)


def a_trade(outcome: str, side: Side, quantity: int, amount: int) -> Trade:
    """One of alice's trades, after which every outcome's price is the half."""
    prices = (OutcomePrice("YES", 500_000), OutcomePrice("NO", 500_000), OutcomePrice("MAYBE", 500_000))
    return Trade("order", "rain", "alice", outcome, side, quantity, Money(amount), prices, 1, "", NOW)


def trade_on(book: Book, before: Position | None, terms: OrderTerms, account: str = "alice") -> Traded:
    """What the application does with an order, without its money: price, seal, take into the position, apply."""
    fill = price_order(book, terms, NOW)
    trade = seal_fill(book, fill, f"order-{book.version + 1}", account, NOW)
    after = trade_position(before or empty_position(account, book.slug, len(book.outcomes)), fill.outcome, trade)
    return Traded(apply_fill(book, fill, trade, before, after), after, fill, trade)
