"""Place an order: the trade."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Commands, Reply, combinable, command_key
from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_book
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import InvalidOrderError
from domain.model.kernel.money import negate_money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.trading.book import Book, Fill, apply_fill, price_order, seal_fill
from domain.model.trading.order import Order, OrderStatus, OrderTerms
from domain.model.trading.position import Position, empty_position, trade_position
from domain.model.trading.trade import Side, Trade
from domain.port.out.combining import Combinable
from domain.port.out.store import Change, Decision, Insert, Need, Outcome, Replace, View

MARKETS_HELD_LIMIT = 1000


class PlaceOrderRequest(NamedTuple):
    """What to trade where, and who asks."""

    caller: Caller
    slug: str
    terms: OrderTerms
    idempotency: Idempotency


class PlaceOrderResult(NamedTuple):
    """The order, and whether this is an answer given before."""

    order: Order
    replayed: bool


@dataclass(frozen=True, slots=True)
class OrderMessage:
    """All that an order depends on besides what is stored, as whoever carries it out gets it.

    Another release may read it, and a store keeps it by the names of its members.

    Args:
        account: who places it.
        roles: what the credential allows beyond trading, in the order of their values.
        slug: the market's.
        terms: what to trade.
        idempotency: how the request is known again.
    """

    account: str
    roles: tuple[Role, ...]
    slug: str
    terms: OrderTerms
    idempotency: Idempotency


class PlaceOrder:
    """One read of four records, one transaction of five writes; on a busy book, one transaction of many orders."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: PlaceOrderRequest) -> PlaceOrderResult:
        """Trade at the prices of the book that the order is committed on.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            InsufficientFundsError: the balance does not cover the amount.
            InsufficientSharesError: the caller holds fewer shares than would be sold.
            BalanceLimitExceededError: the proceeds would lift the balance over its limit, or the price the pool.
            DomainError: see :func:`price_order`.
        """
        reply = await self._commands.run_combined(_message_of(request), command_of)
        return PlaceOrderResult(reply.answer, reply.replayed)


def command_of(message: OrderMessage) -> Combinable[Reply[Order]]:
    """The order as a command that whoever trades on its book can carry out."""
    trader, slug = message.account, message.slug
    request = PlaceOrderRequest(Caller(trader, frozenset(message.roles)), slug, message.terms, message.idempotency)
    keys = (key_for(Book, slug), key_for(Account, trader), key_for(Position, trader, slug))
    return combinable(trader, message.idempotency, Order, keys, lambda view, now: decide_order(request, view, now))


def _message_of(request: PlaceOrderRequest) -> OrderMessage:
    caller = request.caller
    roles = tuple(sorted(caller.roles, key=lambda role: role.value))
    return OrderMessage(caller.account, roles, request.slug, request.terms, request.idempotency)


def decide_order(request: PlaceOrderRequest, view: View, now: datetime) -> Decision[Order]:
    """What an order fills and writes, besides its command."""
    trader, slug = request.caller.account, request.slug
    account = require_account(view, request.caller)
    book = require_book(view, slug, request.caller)
    if isinstance(book, Need):
        return book
    fill = price_order(book, request.terms, now)
    _, id_ = command_key(trader, request.idempotency).values
    return _trade(book, account, view.get(key_for(Position, trader, slug)), fill, order_id=str(id_), now=now)


def _trade(
    book: Book, account: Account, position: Position | None, fill: Fill, *, order_id: str, now: datetime
) -> Outcome[Order]:
    before = position or empty_position(account.id, book.slug, len(book.outcomes))
    trade = seal_fill(book, fill, order_id, account.id, now)
    after = trade_position(before, fill.outcome, trade)
    holding = _count_holding(account, before, after)
    kind = EntryKind.BUY if fill.side is Side.BUY else EntryKind.SELL
    received = negate_money(fill.amount) if fill.side is Side.BUY else fill.amount
    movement = move_money(
        holding,
        kind,
        received,
        pool_of(book.slug),
        now,
        market=book.slug,
        trade=trade,
        version=trade.version,
        revision=book.revision,
    )
    changes: tuple[Change, ...] = (
        Replace(apply_fill(book, fill, trade, position, after), read=book),
        Replace(movement.account, read=account),
        Replace(after, read=position) if position else Insert(after),
        Insert(movement.entry),
    )
    return Outcome(_order(fill, trade, movement.account, now), changes)


def _count_holding(account: Account, before: Position, after: Position) -> Account:
    """The account with its count of the markets it holds shares of."""
    markets_held = account.markets_held + after.is_held - before.is_held
    if markets_held > MARKETS_HELD_LIMIT:
        raise InvalidOrderError(
            f"You hold shares of {MARKETS_HELD_LIMIT} open markets, the most there may be. Sell some."
        )
    return account if markets_held == account.markets_held else replace(account, markets_held=markets_held)


def _order(fill: Fill, trade: Trade, account: Account, now: datetime) -> Order:
    return Order(
        id=trade.id,
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
