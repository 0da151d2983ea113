"""Edit a draft."""

from dataclasses import dataclass

from domain.application.shared.visibility import require_visible
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import MarketChanges, edit_market
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, MarketKey, RecordReader
from domain.port.out.repositories import MarketRepository


@dataclass(frozen=True, slots=True)
class EditMarketRequest:
    """What to change of which draft, and who asks."""

    caller: Caller
    slug: str
    changes: MarketChanges


@dataclass(frozen=True, slots=True)
class EditMarketResult:
    """The draft as it is now."""

    listing: Listing


class EditMarket:
    """The use case. To repeat an edit changes nothing more, so it needs no command."""

    def __init__(self, records: RecordReader, markets: MarketRepository, clock: Clock) -> None:
        self._records = records
        self._markets = markets
        self._clock = clock

    async def execute(self, request: EditMarketRequest) -> EditMarketResult:
        """Change it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: it is not the caller's own.
            MarketAlreadyPublishedError: it is no draft.
            InvalidMarketError: what would come of it breaks a rule.
            ContentionError: somebody else changed it at the same time.
        """
        caller, slug = request.caller, request.slug
        snapshot = await self._records.read(MarketKey(slug), AccountKey(caller.account))
        if snapshot.get(AccountKey(caller.account)) is None:
            raise AccountNotFoundError(caller.account)
        draft = require_visible(snapshot.get(MarketKey(slug)), slug, caller)
        if draft.creator != caller.account:
            raise ForbiddenError("Only its creator may edit a draft.")
        now = self._clock.now()
        edited = await self._markets.save(edit_market(draft, request.changes, now), read=draft)
        return EditMarketResult(listing_at(edited, None, now))
