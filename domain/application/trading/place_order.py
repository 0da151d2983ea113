"""Place an order: the trade."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.application.shared.visibility import refuse_without_book
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, InvalidOrderError
from domain.model.kernel.money import negate_money
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.command import Idempotency
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.trading.book import Book, Fill, apply_fill, price_order, seal_fill
from domain.model.trading.order import Order, OrderStatus, OrderTerms
from domain.model.trading.position import Position, empty_position, trade_position
from domain.model.trading.trade import Side, Trade
from domain.port.out.clock import Clock
from domain.port.out.records import (
    AccountKey,
    BookKey,
    CommandKey,
    Insert,
    PositionKey,
    RecordReader,
    Replace,
    Write,
)

MARKETS_HELD_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class PlaceOrderRequest:
    """What to trade where, and who asks."""

    caller: Caller
    slug: str
    terms: OrderTerms
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class PlaceOrderResult:
    """The order, and whether this is an answer given before."""

    order: Order
    replayed: bool


class PlaceOrder:
    """The use case: one read of four records, one transaction of five writes."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock

    async def execute(self, request: PlaceOrderRequest) -> PlaceOrderResult:
        """Trade it at the prices of the book it is committed on.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            InsufficientFundsError: the balance does not cover the amount.
            InsufficientSharesError: the caller holds fewer shares than would be sold.
            BalanceLimitExceededError: the proceeds would lift the balance over its limit.
            DomainError: see :func:`price_order`.
        """
        key = command_key(request.caller.account, request.idempotency)
        decide = once(self._records, key, request.idempotency, Order, lambda: self._decide(request, key))
        reply = await self._transaction.run(request.slug, decide)
        return PlaceOrderResult(reply.answer, reply.replayed)

    async def _decide(self, request: PlaceOrderRequest, key: CommandKey) -> Decision[Order]:
        trader, slug = request.caller.account, request.slug
        position_key = PositionKey(trader, slug)
        snapshot = await self._records.read(BookKey(slug), AccountKey(trader), position_key, key)
        if reply := recall(snapshot, key, request.idempotency, Order):
            return reply
        account, book = snapshot.get(AccountKey(trader)), snapshot.get(BookKey(slug))
        if account is None:
            raise AccountNotFoundError(trader)
        if book is None:
            await refuse_without_book(self._records, slug, request.caller)
        now = self._clock.now()
        fill = price_order(book, request.terms, now)
        order, writes = _trade(book, account, snapshot.get(position_key), fill, key=key, now=now)
        return Proposal((*writes, remember(key, request.idempotency, order, now)), order)


def _trade(
    book: Book, account: Account, position: Position | None, fill: Fill, *, key: CommandKey, now: datetime
) -> tuple[Order, tuple[Write, ...]]:
    """The order that a fill makes, and what is written for it besides its command."""
    before = position or empty_position(account.id, book.slug, len(book.outcomes))
    after = trade_position(before, fill.outcome, fill.side, fill.quantity, fill.amount)
    trade = seal_fill(book, fill, key.id, account.id, now)
    holding = _count_holding(account, before, after)
    kind = EntryKind.BUY if fill.side is Side.BUY else EntryKind.SELL
    received = negate_money(fill.amount) if fill.side is Side.BUY else fill.amount
    movement = move_money(holding, kind, received, pool_of(book.slug), now, market=book.slug, trade=trade)
    writes: tuple[Write, ...] = (
        Replace(apply_fill(book, fill, trade, position, after), read=book),
        Replace(movement.account, read=account),
        Replace(after, read=position) if position else Insert(after),
        Insert(movement.entry),
    )
    return _order(fill, trade, movement.account, key, now), writes


def _count_holding(account: Account, before: Position, after: Position) -> Account:
    """The account with its count of the markets it holds shares of."""
    markets_held = account.markets_held + after.is_held - before.is_held
    if markets_held > MARKETS_HELD_LIMIT:
        raise InvalidOrderError(
            f"You hold shares of {MARKETS_HELD_LIMIT} open markets, the most there may be. Sell some."
        )
    return replace(account, markets_held=markets_held)


def _order(fill: Fill, trade: Trade, account: Account, key: CommandKey, now: datetime) -> Order:
    return Order(
        id=key.id,
        market=trade.market,
        account=account.id,
        outcome=trade.outcome,
        side=fill.side,
        status=OrderStatus.FILLED if fill.quantity == fill.requested else OrderStatus.PARTIALLY_FILLED,
        quantity=fill.requested,
        filled_quantity=fill.quantity,
        amount=fill.amount,
        trades=(trade,),
        balance=account.balance,
        created_at=now,
    )
