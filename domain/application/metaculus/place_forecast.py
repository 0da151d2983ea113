"""Forecast a market: sell and buy toward the forecast, as one transaction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Commands, command_key, remember
from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_book
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import MarketNotOpenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.metaculus.forecast import (
    Forecasted,
    Forecasts,
    add_forecast,
    purchase_toward,
    purchases_first,
    sale_toward,
    stake_of,
)
from domain.model.trading.book import Book
from domain.model.trading.market import MarketStatus, effective_status
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.position import Position
from domain.port.out.store import Decision, Insert, Need, Outcome, Replace, View
from domain.port.out.workspace import Workspace


class Step(NamedTuple):
    """One order of a forecast: whose, on which market, on what terms, and how it is known again."""

    caller: Caller
    slug: str
    terms: OrderTerms
    idempotency: Idempotency


type Trade = Callable[[Step, View, datetime], Decision[Order]]
"""Decides an order, as the use case of orders does."""


class PlaceForecastRequest(NamedTuple):
    """What to forecast of which market, and who does.

    Args:
        caller: who forecasts.
        slug: the market's.
        prices: of each outcome, in millionths, strictly between 0 and one.
        idempotency: how the request is known again.
    """

    caller: Caller
    slug: str
    prices: tuple[int, ...]
    idempotency: Idempotency


class PlaceForecastResult(NamedTuple):
    """How many forecasts of the market the caller has made, with this one alone, and whether it was answered before."""

    forecasts: Forecasts
    replayed: bool


class PlaceForecast:
    """Every order is decided by the code that decides orders, and remembered as one; a refused one refuses all.

    Args:
        commands: where forecasts and orders are written.
        trade: decides an order.
    """

    def __init__(self, commands: Commands, trade: Trade) -> None:
        self._commands = commands
        self._trade = trade

    async def execute(self, request: PlaceForecastRequest) -> PlaceForecastResult:
        """Trade toward the forecast, and keep it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            MarketNotOpenError: it takes no orders.
            DomainError: an order was refused; see the use case of orders.
        """
        account, slug = request.caller.account, request.slug
        keys = (
            key_for(Book, slug),
            key_for(Account, account),
            key_for(Position, account, slug),
            key_for(Forecasts, account, slug),
        )
        reply = await self._commands.run(
            account, request.idempotency, Forecasts, keys, lambda view, now: self._decide(request, view, now)
        )
        return PlaceForecastResult(reply.answer, reply.replayed)

    def _decide(self, request: PlaceForecastRequest, view: View, now: datetime) -> Decision[Forecasts]:
        account, slug = require_account(view, request.caller), request.slug
        book = require_book(view, slug, request.caller)
        if isinstance(book, Need):
            return book
        status = effective_status(book.status, book.closes_at, now)
        if status is not MarketStatus.ACTIVE:
            raise MarketNotOpenError(f"The market {slug!r} is {status.value} and takes no forecasts.")
        work = _Work(self._trade, request, Workspace(view), now)
        work.sell()
        work.buy(stake_of(account.balance))
        key = key_for(Forecasts, account.id, slug)
        before = view.get(key)
        forecasts = add_forecast(before, account.id, slug, Forecasted(request.prices, now))
        kept = Replace(forecasts, read=before) if before else Insert(forecasts)
        # What was forecast before is kept once, and not in what is remembered of each request again.
        return Outcome(replace(forecasts, history=forecasts.history[-1:]), (*work.workspace.changes(), kept))


class _Work:
    """The orders of one forecast, each on the book that the ones before it have left."""

    def __init__(self, trade: Trade, request: PlaceForecastRequest, workspace: Workspace, now: datetime) -> None:
        self._trade = trade
        self._request = request
        self.workspace = workspace
        self._now = now
        self._orders = 0

    @property
    def _book(self) -> Book:
        book = self.workspace.get(key_for(Book, self._request.slug))
        assert book is not None, "it was there when the work began"
        return book

    def sell(self) -> None:
        """Sell what is held of outcomes that are dearer than the forecast."""
        key = key_for(Position, self._request.caller.account, self._request.slug)
        for outcome, price in enumerate(self._request.prices):
            position = self.workspace.get(key)
            held = position.quantities[outcome] if position else 0
            self._place(sale_toward(self._book, outcome, held, price))

    def buy(self, stake: int) -> None:
        """Buy outcomes that are cheaper than the forecast, for at most the stake together."""
        for outcome in purchases_first(self._book, self._request.prices):
            order = self._place(purchase_toward(self._book, outcome, stake, self._request.prices[outcome]))
            stake -= order.amount.amount if order else 0

    def _place(self, terms: OrderTerms | None) -> Order | None:
        """Decide an order, and remember it under a key of its own; nothing where there is none."""
        if terms is None:
            return None
        request = self._request
        self._orders += 1
        idempotency = Idempotency(f"{request.idempotency.key} {self._orders}", request.idempotency.fingerprint)
        step = Step(request.caller, request.slug, terms, idempotency)
        decision = self._trade(step, self.workspace, self._now)
        assert not isinstance(decision, Need), "all that an order needs was read"
        slot = command_key(request.caller.account, idempotency)
        self.workspace.apply((*decision.changes, remember(slot, idempotency, decision.result, self._now)))
        return decision.result
