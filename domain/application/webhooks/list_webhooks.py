"""List the webhooks of the caller's account, newest first."""

from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.application.webhooks.owned_webhooks import webhook_key
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.webhooks.webhook import Webhook, WebhookList
from domain.port.out.paging import Page, parse_id
from domain.port.out.store import RecordReader


class ListWebhooksRequest(NamedTuple):
    """Whose webhooks, and how many."""

    caller: Caller
    limit: int
    cursor: str | None = None


class ListWebhooksResult(NamedTuple):
    """A page of them."""

    page: Page[Webhook]


class ListWebhooks:
    """There are few, so each is read by its key, as the last acknowledged write left it."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: ListWebhooksRequest) -> ListWebhooksResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            InvalidCursorError: the cursor is none that this list gives.
        """
        caller, below = request.caller, None if request.cursor is None else parse_id(request.cursor)
        owned_key = key_for(WebhookList, caller.account)
        snapshot = await self._records.read(key_for(Account, caller.account), owned_key)
        require_account(snapshot, caller)
        owned = snapshot.get(owned_key)
        ids = [id_ for id_ in reversed(owned.ids if owned else ()) if below is None or id_ < below]
        keys = [webhook_key(caller, id_) for id_ in ids[: request.limit]]
        found = await self._records.read(*keys) if keys else None
        webhooks = tuple(webhook for key in keys if found and (webhook := found.get(key)))
        return ListWebhooksResult(Page(webhooks, ids[request.limit - 1] if len(ids) > request.limit else None))
