"""Publish a draft: its creator puts the subsidy into the pool, and trading begins."""

from dataclasses import dataclass

from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.application.shared.visibility import require_visible
from domain.event.market_events import market_changed
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.money import negate_money
from domain.model.ledger.account import move_money
from domain.model.ledger.command import Idempotency
from domain.model.ledger.journal import EntryKind, pool_of
from domain.model.trading.book import Listing, open_book
from domain.model.trading.market import publish_market
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, CommandKey, Insert, MarketKey, RecordReader, Replace


@dataclass(frozen=True, slots=True)
class PublishMarketRequest:
    """Which draft to publish, and who asks."""

    caller: Caller
    slug: str
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class PublishMarketResult:
    """The published market, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class PublishMarket:
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock

    async def execute(self, request: PublishMarketRequest) -> PublishMarketResult:
        """Publish it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: it is not the caller's own.
            MarketAlreadyPublishedError: it is no draft.
            InvalidMarketError: its closing time has passed.
            InsufficientFundsError: the creator cannot pay the subsidy.
        """
        key = command_key(request.caller.account, request.idempotency)
        decide = once(self._records, key, request.idempotency, Listing, lambda: self._decide(request, key))
        reply = await self._transaction.run(request.slug, decide)
        return PublishMarketResult(reply.answer, reply.replayed)

    async def _decide(self, request: PublishMarketRequest, key: CommandKey) -> Decision[Listing]:
        caller, slug = request.caller, request.slug
        snapshot = await self._records.read(MarketKey(slug), AccountKey(caller.account), key)
        if reply := recall(snapshot, key, request.idempotency, Listing):
            return reply
        account = snapshot.get(AccountKey(caller.account))
        if account is None:
            raise AccountNotFoundError(caller.account)
        draft = require_visible(snapshot.get(MarketKey(slug)), slug, caller)
        if draft.creator != caller.account:
            raise ForbiddenError("Only its creator, who pays the subsidy, may publish a market.")
        now = self._clock.now()
        market = publish_market(draft, now)
        book = open_book(market)
        payment = negate_money(book.subsidy)
        movement = move_money(account, EntryKind.SUBSIDY, payment, pool_of(slug), now, market=slug)
        listing = Listing(market, book)
        writes = (
            Replace(market, read=draft),
            Insert(book),
            Replace(movement.account, read=account),
            Insert(movement.entry),
            Insert(market_changed(market, caller.account, now)),
            remember(key, request.idempotency, listing, now),
        )
        return Proposal(writes, listing)
