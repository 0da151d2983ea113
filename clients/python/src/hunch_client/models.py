"""What an instance answers: credits, shares and prices as Decimal, times as datetime in UTC.

Members that an answer has and these classes have not are ignored. A member with a default came later than the first
instances, or is there in some answers only.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

type Side = Literal["buy", "sell"]
type MarketStatus = Literal["DRAFT", "ACTIVE", "CLOSED", "SETTLING", "RESOLVED", "VOIDED"]
type OrderStatus = Literal["pending", "filled", "partially_filled", "rejected"]


class _Answer(msgspec.Struct, frozen=True):
    """A part of an answer."""


class FieldError(_Answer, frozen=True, kw_only=True):
    """A member of a request that is wrong."""

    field: str
    detail: str


class Problem(_Answer, frozen=True, kw_only=True):
    """An error by RFC 9457."""

    title: str
    status: int
    detail: str | None = None
    code: str | None = None
    errors: tuple[FieldError, ...] | None = None


class Outcome(_Answer, frozen=True, kw_only=True):
    """One of a market's outcomes, with its price and the shares outstanding."""

    name: str
    price: Decimal
    shares: Decimal


class Resolution(_Answer, frozen=True, kw_only=True):
    """What was decided: payouts for a share of each outcome, or None for a void."""

    payouts: Mapping[str, Decimal] | None
    reason: str | None
    resolved_at: datetime
    settles_at: datetime | None = None


class Clarification(_Answer, frozen=True, kw_only=True):
    """What the creator added to the rules."""

    text: str
    created_at: datetime


class Market(_Answer, frozen=True, kw_only=True):
    """A market."""

    slug: str
    name: str
    description: str
    rules: str
    status: MarketStatus
    outcomes: tuple[Outcome, ...]
    liquidity: Decimal
    subsidy: Decimal
    volume: Decimal
    trade_count: int
    creator: str
    tags: tuple[str, ...]
    created_at: datetime
    published_at: datetime | None
    closes_at: datetime | None
    resolution: Resolution | None
    version: int
    position: int = 0
    traders: int = 0
    clarifications: tuple[Clarification, ...] = ()

    @property
    def prices(self) -> dict[str, Decimal]:
        """The price of each outcome by its name."""
        return {outcome.name: outcome.price for outcome in self.outcomes}


class Trade(_Answer, frozen=True, kw_only=True):
    """A fill of an order."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    quantity: Decimal
    amount: Decimal
    prices_after: Mapping[str, Decimal]
    version: int
    digest: str
    created_at: datetime


class Order(_Answer, frozen=True, kw_only=True):
    """An order as it was answered; ``amount`` is paid on a buy and received on a sale."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    status: OrderStatus
    quantity: Decimal | None
    filled_quantity: Decimal | None
    amount: Decimal | None
    average_price: Decimal | None
    trades: tuple[Trade, ...]
    balance: Decimal | None
    created_at: datetime
    problem: Problem | None = None


class Quote(_Answer, frozen=True, kw_only=True):
    """What an order would fill at this version of the book."""

    outcome: str
    side: Side
    quantity: Decimal
    amount: Decimal
    average_price: Decimal
    prices_before: Mapping[str, Decimal]
    prices_after: Mapping[str, Decimal]
    version: int


class Holder(_Answer, frozen=True, kw_only=True):
    """An account's shares of an outcome."""

    account: str
    outcome: str
    quantity: Decimal


class PriceRange(_Answer, frozen=True, kw_only=True):
    """An outcome's prices within an interval."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


class Candle(_Answer, frozen=True, kw_only=True):
    """An interval that had trades; ``time`` is its start."""

    time: datetime
    outcomes: Mapping[str, PriceRange]
    volume: Decimal


class Event(_Answer, frozen=True, kw_only=True):
    """A change of a published market; ``data`` of a ``trade`` is the trade as JSON has it, see :meth:`trade`."""

    market: str
    position: int
    type: str
    created_at: datetime
    data: Mapping[str, object]

    @property
    def trade(self) -> Trade | None:
        """The trade; None for any other event."""
        return msgspec.convert(self.data, Trade) if self.type == "trade" else None


class Account(_Answer, frozen=True, kw_only=True):
    """An account; its ``balance`` is there for its owner alone."""

    account: str
    created_at: datetime
    name: str | None = None
    balance: Decimal | None = None


class Me(_Answer, frozen=True, kw_only=True):
    """Who the instance takes the caller for."""

    account: str
    name: str | None
    opened: bool
    roles: tuple[str, ...]
    scopes: tuple[str, ...]


class Position(_Answer, frozen=True, kw_only=True):
    """Shares of an outcome that the caller holds."""

    market: str
    name: str
    status: MarketStatus
    outcome: str
    quantity: Decimal
    price: Decimal
    value: Decimal
    spent: Decimal
    sale_value: Decimal | None = None


class Portfolio(_Answer, frozen=True, kw_only=True):
    """The caller's balance and what it holds."""

    account: str
    balance: Decimal
    positions: tuple[Position, ...]
    equity: Decimal
    sale_equity: Decimal | None = None


class JournalEntry(_Answer, frozen=True, kw_only=True):
    """A movement of an account's money; ``amount`` is signed."""

    id: str
    kind: str
    amount: Decimal
    balance_after: Decimal
    created_at: datetime
    market: str | None = None
    reason: str | None = None


class Record(_Answer, frozen=True, kw_only=True):
    """An account's results over a period, added up."""

    account: str
    name: str
    period: str
    markets: int
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None


class Result(_Answer, frozen=True, kw_only=True):
    """An account's result on a market that was resolved."""

    market: str
    name: str
    resolved_at: datetime
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None


class Rank(_Answer, frozen=True, kw_only=True):
    """A place on the leaderboard."""

    rank: int
    account: str
    name: str
    markets: int
    profit: Decimal
    bought: Decimal
    points: Decimal
    brier: Decimal | None


class Holding(_Answer, frozen=True, kw_only=True):
    """What the author of a comment held most of."""

    outcome: str
    quantity: Decimal


class Comment(_Answer, frozen=True, kw_only=True):
    """A comment on a market."""

    id: str
    market: str
    account: str
    text: str
    holding: Holding | None
    created_at: datetime


class ApiKey(_Answer, frozen=True, kw_only=True):
    """A key that a program signs in with."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewApiKey(ApiKey, frozen=True, kw_only=True):
    """A key just made: ``key`` is shown this once."""

    key: str


class Webhook(_Answer, frozen=True, kw_only=True):
    """Where events are sent."""

    id: str
    url: str
    market: str | None
    types: tuple[str, ...] | None
    status: Literal["active", "failing", "disabled"]
    created_at: datetime
    last_error: str | None = None


class NewWebhook(Webhook, frozen=True, kw_only=True):
    """A webhook with its secret, which is shown this once."""

    secret: str


class Audit(_Answer, frozen=True, kw_only=True):
    """Whether the books balance: ``difference`` is what was issued less balances and pools."""

    issued: Decimal
    balances: Decimal
    pools: Decimal
    difference: Decimal
    as_of: datetime
