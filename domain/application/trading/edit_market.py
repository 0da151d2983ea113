"""Edit a draft."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Listing, listing_at
from domain.model.trading.market import Market, MarketChanges, edit_market
from domain.port.out.store import Decision, Outcome, Replace, Store, View


class EditMarketRequest(NamedTuple):
    """What to change of which draft, and who asks."""

    caller: Caller
    slug: str
    changes: MarketChanges


class EditMarketResult(NamedTuple):
    """The draft as it is now."""

    listing: Listing


class EditMarket:
    """To repeat an edit changes nothing more, so it needs no command."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: EditMarketRequest) -> EditMarketResult:
        """Change the draft.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: it is not the caller's own.
            MarketAlreadyPublishedError: it is no draft.
            InvalidMarketError: what would come of it breaks a rule.
        """
        caller, slug = request.caller, request.slug

        def decide(view: View, now: datetime) -> Decision[Listing]:
            require_account(view, caller)
            draft = require_visible(view.get(key_for(Market, slug)), slug, caller)
            if draft.creator != caller.account:
                raise ForbiddenError("Only its creator may edit a draft.")
            edited = edit_market(draft, request.changes, now)
            return Outcome(listing_at(edited, None, now), (Replace(edited, read=draft),))

        keys = (key_for(Market, slug), key_for(Account, caller.account))
        return EditMarketResult(await self._store.transact(keys, decide))
