"""What an account holds, valued at the prices shown."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.kernel.errors import InsufficientSharesError, MarketNotOpenError
from domain.model.kernel.money import MICROS, Money, add_money, sum_money
from domain.model.ledger.account import Account
from domain.model.trading.book import Book, order_amount, shown_prices
from domain.model.trading.market import Market, MarketStatus, status_at
from domain.model.trading.order import OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import Side


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """Shares of one outcome.

    Args:
        market: the market's slug.
        name: the market's question.
        status: what the market's status reads.
        outcome: the outcome's name.
        quantity: micro-shares, positive.
        price: the shown price, in millionths.
        value: the quantity at that price, rounded down.
        spent: paid less received on this outcome; may be negative.
        sale_value: what selling all of it now would bring; None while the market takes no orders, and where it was sold
            while it was read.
    """

    market: str
    name: str
    status: MarketStatus
    outcome: str
    quantity: int
    price: int
    value: Money
    spent: Money
    sale_value: Money | None


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An account and its shares."""

    account: Account
    lines: tuple[PortfolioLine, ...]

    @property
    def equity(self) -> Money:
        """The balance and the value of all shares."""
        return add_money(self.account.balance, sum_money(line.value for line in self.lines))

    @property
    def sale_equity(self) -> Money:
        """The balance and what selling each entry now would bring, or its value where nothing can be sold."""
        worth = (line.value if line.sale_value is None else line.sale_value for line in self.lines)
        return add_money(self.account.balance, sum_money(worth))


def value_holding(position: Position, market: Market, book: Book, now: datetime) -> list[PortfolioLine]:
    """One line for each outcome of which the position has shares."""
    return [
        PortfolioLine(
            market=market.slug,
            name=market.name,
            status=status_at(market, now),
            outcome=shown.outcome,
            quantity=quantity,
            price=shown.price,
            value=Money(quantity * shown.price // MICROS),
            spent=spent,
            sale_value=_sale_value(book, shown.outcome, quantity, now),
        )
        for shown, quantity, spent in zip(shown_prices(book), position.quantities, position.spent, strict=True)
        if quantity
    ]


def _sale_value(book: Book, outcome: str, quantity: int, now: datetime) -> Money | None:
    """What an order to sell would bring: the very code that fills it.

    Where position and book are read one after the other, shares may be sold in between, and the book has fewer then.
    """
    try:
        return order_amount(book, OrderTerms(outcome, Side.SELL, quantity=quantity), now)
    except (MarketNotOpenError, InsufficientSharesError):
        return None
