"""Delete a draft: its slug is free again."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import ForbiddenError, MarketAlreadyPublishedError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, drop_draft
from domain.model.trading.market import Market, MarketStatus
from domain.port.out.store import Decision, Outcome, Remove, Replace, Store, View


class DeleteDraftRequest(NamedTuple):
    """Which draft, and who asks."""

    caller: Caller
    slug: str


class DeleteDraftResult(NamedTuple):
    """The draft is gone."""


class DeleteDraft:
    """Nobody has traded on a draft and no money is in it, so nothing else has to go with it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: DeleteDraftRequest) -> DeleteDraftResult:
        """Remove the draft.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            ForbiddenError: it is not the caller's own.
            MarketAlreadyPublishedError: it is no draft.
        """
        keys = (key_for(Market, request.slug), key_for(Account, request.caller.account))
        return await self._store.transact(keys, lambda view, now: _decide(request, view, now))


def _decide(request: DeleteDraftRequest, view: View, _: datetime) -> Decision[DeleteDraftResult]:
    account, stored = require_account(view, request.caller), view.get(key_for(Market, request.slug))
    if stored is None and view.is_in_doubt:  # an earlier attempt of ours has removed it
        return Outcome(DeleteDraftResult())
    market = require_visible(stored, request.slug, request.caller)
    if market.creator != request.caller.account:
        raise ForbiddenError("Only its creator may delete a draft.")
    if market.status is not MarketStatus.DRAFT:
        raise MarketAlreadyPublishedError(f"The market {market.slug!r} is published: it can be closed, not deleted.")
    return Outcome(DeleteDraftResult(), (Remove(read=market), Replace(drop_draft(account), read=account)))
