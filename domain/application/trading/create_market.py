"""Draft a market."""

from dataclasses import dataclass

from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.event.market_events import market_changed
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError, SlugTakenError
from domain.model.ledger.command import Idempotency
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import MarketDefinition, create_market
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, CommandKey, Insert, MarketKey, RecordReader


@dataclass(frozen=True, slots=True)
class CreateMarketRequest:
    """What market to draft, and for whom."""

    caller: Caller
    slug: str
    definition: MarketDefinition
    idempotency: Idempotency


@dataclass(frozen=True, slots=True)
class CreateMarketResult:
    """The draft, and whether this is an answer given before."""

    listing: Listing
    replayed: bool


class CreateMarket:
    """The use case.

    Args:
        records: where markets are read.
        transaction: where they are written.
        clock: the time of drafting.
        creators_only: whether drafting is restricted to callers with the role of a creator, and admins.
    """

    def __init__(
        self, records: RecordReader, transaction: Transaction, clock: Clock, *, creators_only: bool = False
    ) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock
        self._creators_only = creators_only

    async def execute(self, request: CreateMarketRequest) -> CreateMarketResult:
        """Draft it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller may not create markets here.
            SlugTakenError: another market has the slug.
            InvalidMarketError: the definition breaks a rule.
        """
        key = command_key(request.caller.account, request.idempotency)
        decide = once(self._records, key, request.idempotency, Listing, lambda: self._decide(request, key))
        reply = await self._transaction.run(request.slug, decide)
        return CreateMarketResult(reply.answer, reply.replayed)

    async def _decide(self, request: CreateMarketRequest, key: CommandKey) -> Decision[Listing]:
        creator = request.caller.account
        snapshot = await self._records.read(MarketKey(request.slug), AccountKey(creator), key)
        if reply := recall(snapshot, key, request.idempotency, Listing):
            return reply
        if snapshot.get(AccountKey(creator)) is None:
            raise AccountNotFoundError(creator)
        if self._creators_only and not request.caller.roles & {Role.CREATOR, Role.ADMIN}:
            raise ForbiddenError("On this instance only people with the role 'creator' may create markets.")
        if snapshot.get(MarketKey(request.slug)) is not None:
            raise SlugTakenError(request.slug)
        now = self._clock.now()
        market = create_market(request.slug, request.definition, creator, now)
        listing = listing_at(market, None, now)
        writes = (
            Insert(market),
            Insert(market_changed(market, creator, now)),
            remember(key, request.idempotency, listing, now),
        )
        return Proposal(writes, listing)
