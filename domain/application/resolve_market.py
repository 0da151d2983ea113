"""Decide a market's outcome; settlement pays it out."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.application.transaction import Proposal, Reply, Transaction, command_key, recall, remember
from domain.application.visibility import refuse_without_book, require_visible
from domain.event.market_events import market_changed
from domain.model.book import Listing, follow_market
from domain.model.caller import Caller
from domain.model.command import Idempotency
from domain.model.errors import AccountNotFoundError, ForbiddenError
from domain.model.market import Market, resolve_market
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, BookKey, Insert, MarketKey, PositionKey, RecordReader, Replace


@dataclass(frozen=True, slots=True)
class ResolveMarketRequest:
    """What happened, and who says so.

    Args:
        caller: an admin, or a creator who never held shares of the market.
        slug: the market's slug.
        decision: the outcome that happened, or what a share of each outcome pays, in millionths.
        idempotency: how the request is known again.
    """

    caller: Caller
    slug: str
    decision: str | Mapping[str, int]
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class ResolveMarketResult:
    """The market, settling, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class ResolveMarket:
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock

    async def execute(self, request: ResolveMarketRequest) -> ResolveMarketResult:
        """Freeze the book and fix the payouts. The book's version is a condition: no trade slips in between.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: the caller is neither an admin nor its creator, or has held shares of it.
            MarketNotOpenError: it is a draft.
            AlreadyResolvedError: its outcome is decided.
            InvalidResolutionError: the payouts do not fit its outcomes.
        """
        reply = await self._transaction.run(request.slug, lambda: self._decide(request))
        return ResolveMarketResult(reply.answer, reply.replayed)

    async def _decide(self, request: ResolveMarketRequest) -> Proposal[Listing] | Reply[Listing]:
        caller, slug = request.caller, request.slug
        key = command_key(caller.account, request.idempotency)
        snapshot = await self._records.read(MarketKey(slug), BookKey(slug), AccountKey(caller.account), key)
        if reply := recall(snapshot, key, request.idempotency, Listing):
            return reply
        if snapshot.get(AccountKey(caller.account)) is None:
            raise AccountNotFoundError(caller.account)
        market = require_visible(snapshot.get(MarketKey(slug)), slug, caller)
        await self._require_disinterested(market, caller)
        book = snapshot.get(BookKey(slug))
        if book is None:
            await refuse_without_book(self._records, slug, caller)
        now = self._clock.now()
        resolved = resolve_market(market, request.decision, now)
        listing = Listing(resolved, follow_market(book, resolved))
        writes = (
            Replace(listing.market, read=market),
            Replace(listing.book, read=book),
            Insert(market_changed(resolved, caller.account, now)),
            remember(key, request.idempotency, listing, now),
        )
        return Proposal(writes, listing)

    async def _require_disinterested(self, market: Market, caller: Caller) -> None:
        """An interested party does not resolve. A position stays after its shares are sold, so having held one shows.

        It is read after the book, whose version is a condition of the commit: the creator has not bought since.
        """
        if caller.is_admin:
            return
        if caller.account != market.creator:
            raise ForbiddenError("A market is resolved by its creator or by an admin.")
        key = PositionKey(caller.account, market.slug)
        if (await self._records.read(key)).get(key) is not None:
            raise ForbiddenError("You have held shares of this market, so an admin has to resolve it.")
