"""What an account holds, valued at the prices shown."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.kernel.money import MICROS, Money, add_money, sum_money
from domain.model.ledger.account import Account
from domain.model.trading.book import Book, shown_prices
from domain.model.trading.market import Market, MarketStatus, status_at
from domain.model.trading.position import Position


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
    """

    market: str
    name: str
    status: MarketStatus
    outcome: str
    quantity: int
    price: int
    value: Money
    spent: Money


@dataclass(frozen=True, slots=True)
class Portfolio:
    """An account and its shares."""

    account: Account
    lines: tuple[PortfolioLine, ...]

    @property
    def equity(self) -> Money:
        """The balance and the value of all shares."""
        return add_money(self.account.balance, sum_money(line.value for line in self.lines))


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
        )
        for shown, quantity, spent in zip(shown_prices(book), position.quantities, position.spent, strict=True)
        if quantity
    ]
