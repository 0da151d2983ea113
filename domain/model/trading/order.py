"""Orders: what a trader asks for, and the answer that is kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction

from domain.model.kernel.command import answer
from domain.model.kernel.money import MICROS, Money
from domain.model.trading.trade import Side, Trade


class TimeInForce(Enum):
    """What becomes of the part that does not fit within the limit price."""

    FILL_OR_KILL = "fill_or_kill"
    IMMEDIATE_OR_CANCEL = "immediate_or_cancel"


class OrderStatus(Enum):
    """What became of an order. Pending and rejected are for orders that wait in a queue."""

    PENDING = "pending"
    FILLED = "filled"
    PARTIALLY_FILLED = "partially_filled"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What a trader asks for: either a quantity or, to buy, a spend.

    Args:
        outcome: the outcome's name.
        side: buy or sell.
        quantity: micro-shares, positive.
        spend: the most to pay, in micro-credits, positive.
        limit_price: the worst marginal price to trade at, in millionths, strictly between 0 and one.
        time_in_force: what becomes of the part that does not fit within the limit.
        version: the only version of the book to trade at.
    """

    outcome: str
    side: Side
    quantity: int | None = None
    spend: int | None = None
    limit_price: int | None = None
    time_in_force: TimeInForce = TimeInForce.FILL_OR_KILL
    version: int | None = None


@answer("Order")
@dataclass(frozen=True, slots=True)
class Order:
    """An order and what became of it.

    Args:
        id: derived from the account and its idempotency key, so that a repeated order is the same order.
        market: the market's slug.
        account: who placed it.
        outcome: the outcome's name.
        side: buy or sell.
        status: what became of it.
        quantity: the micro-shares asked for; for a spend, what it buys without a limit.
        filled_quantity: the micro-shares traded.
        amount: credits paid on a buy, received on a sale.
        trades: what it traded.
        balance: the account's balance after it.
        created_at: when it was placed.
    """

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    status: OrderStatus
    quantity: int
    filled_quantity: int
    amount: Money
    trades: tuple[Trade, ...]
    balance: Money
    created_at: datetime


def average_price(amount: Money, quantity: int) -> int:
    """The amount for each share, in millionths, rounded half-even. The quantity is positive micro-shares."""
    return round(Fraction(amount.amount * MICROS, quantity))
