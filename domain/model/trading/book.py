"""The book: what the market maker holds for one market, and the one place where an order is priced."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from domain.model.kernel.command import answer
from domain.model.kernel.errors import (
    BalanceLimitExceededError,
    InsufficientSharesError,
    InvalidOrderError,
    MarketNotOpenError,
    PriceLimitExceededError,
)
from domain.model.kernel.money import MICROS, ZERO, Money, add_money, subtract_money
from domain.model.kernel.notation import format_micros
from domain.model.kernel.record import record
from domain.model.trading import lmsr
from domain.model.trading.market import Market, MarketStatus, effective_status, market_subsidy, status_at
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.position import Position
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade, seal_trade

POOL_LIMIT = Money(9_000_000_000_000 * MICROS)
"""What a pool holds at most: in micro-credits a little less than 64 bits, in which stores keep it, can say."""


@record("book", key=("slug",), counters=("version", "revision"))
@dataclass(frozen=True, slots=True)
class Book:
    """The trading state of a market.

    Args:
        slug: the market's slug.
        outcomes: the names of its outcomes, in order.
        quantities: micro-shares outstanding of each outcome, in the same order; never negative.
        liquidity: b, in micro-credits.
        pool: the credits that fund the payouts; never less than the largest of ``quantities``.
        subsidy: what the creator put into the pool on publishing.
        staked: Σ max(0, net spend) over all positions: what a void would refund at most.
        volume: Σ amount over all trades, buys and sales.
        holders: how many positions were ever opened.
        status: the market's stored status, so that an order needs to read no more than the book.
        closes_at: the market's closing time, for the same reason.
        version: counts trades, without gaps.
        revision: the market's revision: status and closing time are what they were at that revision.
        head: the digest of the last trade.
        origin: what makes the position of its publication 1; see :attr:`position`. 0 in books of releases that numbered
            no events.
    """

    slug: str
    outcomes: tuple[str, ...]
    quantities: tuple[int, ...]
    liquidity: int
    pool: Money
    subsidy: Money
    staked: Money
    volume: Money
    holders: int
    status: MarketStatus
    closes_at: datetime | None
    version: int
    revision: int
    head: str
    origin: int = 0

    @property
    def position(self) -> int:
        """The position of the market's last event: every change of a book raises exactly one of the two counters."""
        return self.version + self.revision - self.origin


@answer("Listing")
class Listing(NamedTuple):
    """A market with its book: all that the market's page shows."""

    market: Market
    book: Book


@dataclass(frozen=True, slots=True)
class Fill:
    """What an order would do to a book: the quote, and the order once it is committed.

    Args:
        outcome: the index of the outcome traded.
        side: buy or sell.
        requested: the micro-shares asked for; for a spend, what it buys without a limit.
        quantity: the micro-shares that fill.
        amount: credits paid on a buy, received on a sale.
        quantities_after: the shares outstanding once it has filled.
        prices_before: shown prices, keyed like the book's outcomes.
        prices_after: shown prices once it has filled.
    """

    outcome: int
    side: Side
    requested: int
    quantity: int
    amount: Money
    quantities_after: tuple[int, ...]
    prices_before: tuple[OutcomePrice, ...]
    prices_after: tuple[OutcomePrice, ...]


def open_book(market: Market) -> Book:
    """The book of a market on which nobody has traded, funded by its subsidy."""
    subsidy = market_subsidy(market)
    return Book(
        slug=market.slug,
        outcomes=market.outcomes,
        quantities=(0,) * len(market.outcomes),
        liquidity=market.liquidity,
        pool=subsidy,
        subsidy=subsidy,
        staked=ZERO,
        volume=ZERO,
        holders=0,
        status=market.status,
        closes_at=market.closes_at,
        version=0,
        revision=market.revision,
        head=NO_TRADE_DIGEST,
        origin=market.revision - 1,
    )


def follow_market(book: Book, market: Market) -> Book:
    """The book after its market's status or closing time has changed."""
    return replace(book, status=market.status, closes_at=market.closes_at, revision=market.revision)


def listing_at(market: Market, book: Book | None, now: datetime) -> Listing:
    """A market with its book as they read at an instant; a draft, which has no book yet, as it would open."""
    return Listing(replace(market, status=status_at(market, now)), book or open_book(market))


def shown_prices(book: Book) -> tuple[OutcomePrice, ...]:
    """The price of each outcome as people see it."""
    return _shown(book, book.quantities)


def present_prices(book: Book) -> tuple[int, ...]:
    """The price of each outcome as people see it, in millionths."""
    return lmsr.shown_prices(book.quantities, book.liquidity)


def opening_prices(book: Book) -> tuple[int, ...]:
    """The price of each outcome as people saw it before the first trade, in millionths."""
    return lmsr.shown_prices((0,) * len(book.outcomes), book.liquidity)


def price_order(book: Book, terms: OrderTerms, now: datetime) -> Fill:
    """What an order would fill, and for how much. Quotes and orders both come through here.

    Raises:
        MarketNotOpenError: the book takes no orders at this instant.
        PriceLimitExceededError: another version than the order names, or nothing, or not all of a fill_or_kill
            order, fits within the limit price.
        InvalidOrderError: the market has no such outcome.
        InsufficientSharesError: more would be sold than is outstanding.
    """
    deal = _strike(book, terms, now)
    quantities = list(book.quantities)
    quantities[deal.outcome] += deal.quantity if terms.side is Side.BUY else -deal.quantity
    return Fill(
        outcome=deal.outcome,
        side=terms.side,
        requested=deal.requested,
        quantity=deal.quantity,
        amount=deal.amount,
        quantities_after=tuple(quantities),
        prices_before=_shown(book, book.quantities),
        prices_after=_shown(book, tuple(quantities)),
    )


def order_amount(book: Book, terms: OrderTerms, now: datetime) -> Money:
    """The amount of :func:`price_order`, by the same code, without the prices around it.

    Raises:
        DomainError: as there.
    """
    return _strike(book, terms, now).amount


class _Deal(NamedTuple):
    """What an order comes to; see :class:`Fill`."""

    outcome: int
    requested: int
    quantity: int
    amount: Money


def _strike(book: Book, terms: OrderTerms, now: datetime) -> _Deal:
    _require_open(book, now)
    _require_version(book, terms.version)
    outcome = _outcome_index(book, terms.outcome)
    requested = _requested_quantity(book, outcome, terms)
    quantity = _within_limit(book, outcome, requested, terms)
    if terms.side is Side.BUY:
        amount = lmsr.charge_for_purchase(book.quantities, book.liquidity, outcome, quantity)
    else:
        _require_outstanding(book, outcome, quantity)
        amount = lmsr.proceeds_of_sale(book.quantities, book.liquidity, outcome, quantity)
    return _Deal(outcome, requested, quantity, Money(amount))


def seal_fill(book: Book, fill: Fill, id_: str, account: str, now: datetime) -> Trade:
    """The book's next trade, chained to its last."""
    trade = Trade(
        id=id_,
        market=book.slug,
        account=account,
        outcome=book.outcomes[fill.outcome],
        side=fill.side,
        quantity=fill.quantity,
        amount=fill.amount,
        prices_after=fill.prices_after,
        version=book.version + 1,
        digest="",
        created_at=now,
    )
    return seal_trade(book.head, trade)


def apply_fill(book: Book, fill: Fill, trade: Trade, before: Position | None, after: Position) -> Book:
    """The book once a fill is traded.

    Args:
        book: the book the fill was priced on.
        fill: what was priced.
        trade: the sealed trade: the book's next.
        before: the trader's position in this market, None for a first trade.
        after: the same position with the fill in it.

    Raises:
        BalanceLimitExceededError: a purchase would lift the pool over its limit.
    """
    staked_before = before.staked if before else ZERO
    return replace(
        book,
        quantities=fill.quantities_after,
        pool=_pool_after(book, fill),
        staked=add_money(book.staked, subtract_money(after.staked, staked_before)),
        volume=add_money(book.volume, fill.amount),
        holders=book.holders + (before is None),
        version=trade.version,
        head=trade.digest,
    )


def _pool_after(book: Book, fill: Fill) -> Money:
    if fill.side is Side.SELL:
        return subtract_money(book.pool, fill.amount)
    pool = add_money(book.pool, fill.amount)
    if pool.amount > POOL_LIMIT.amount:
        raise BalanceLimitExceededError(f"A market may not hold more than {format_micros(POOL_LIMIT.amount)} credits.")
    return pool


def _shown(book: Book, quantities: tuple[int, ...]) -> tuple[OutcomePrice, ...]:
    shown = lmsr.shown_prices(quantities, book.liquidity)
    return tuple(OutcomePrice(name, price) for name, price in zip(book.outcomes, shown, strict=True))


def _require_open(book: Book, now: datetime) -> None:
    status = effective_status(book.status, book.closes_at, now)
    if status is not MarketStatus.ACTIVE:
        raise MarketNotOpenError(f"The market {book.slug!r} is {status.value} and takes no orders.")


def _require_version(book: Book, version: int | None) -> None:
    if version is not None and version != book.version:
        raise PriceLimitExceededError(
            f"The order is for version {version} and the book is at {book.version}. Ask for a new quote."
        )


def _outcome_index(book: Book, outcome: str) -> int:
    if outcome not in book.outcomes:
        raise InvalidOrderError(f"The market has no outcome {outcome!r}. It has: {', '.join(book.outcomes)}.")
    return book.outcomes.index(outcome)


def _requested_quantity(book: Book, outcome: int, terms: OrderTerms) -> int:
    if terms.quantity is not None:
        return terms.quantity
    if terms.spend is None:
        raise ValueError("an order names a quantity or a spend")
    return lmsr.quantity_for_spend(book.quantities, book.liquidity, outcome, terms.spend)


def _within_limit(book: Book, outcome: int, requested: int, terms: OrderTerms) -> int:
    """The part of the requested quantity that keeps the marginal price on the right side of the limit."""
    if terms.limit_price is None:
        return requested
    most = lmsr.most_to_buy if terms.side is Side.BUY else lmsr.most_to_sell
    room = most(book.quantities, book.liquidity, outcome, terms.limit_price)
    quantity = min(requested, room)
    if quantity <= 0 or (quantity < requested and terms.time_in_force is TimeInForce.FILL_OR_KILL):
        limit, left = format_micros(terms.limit_price), format_micros(max(0, room))
        remedy = "Ask for less, move the limit, or use immediate_or_cancel." if room > 0 else "Move the limit."
        raise PriceLimitExceededError(f"The limit price {limit} leaves room for {left} shares. {remedy}")
    return quantity


def _require_outstanding(book: Book, outcome: int, quantity: int) -> None:
    outstanding = book.quantities[outcome]
    if quantity > outstanding:
        raise InsufficientSharesError(
            f"The sale is for {format_micros(quantity)} shares and only {format_micros(outstanding)} are outstanding."
        )
