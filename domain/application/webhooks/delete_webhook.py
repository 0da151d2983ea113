"""Delete a webhook of the caller's account."""

from datetime import datetime
from typing import NamedTuple

from domain.application.webhooks.owned_webhooks import require_webhook, webhook_key
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.webhooks.webhook import WebhookList, drop_webhook
from domain.port.out.store import Change, Decision, Outcome, Remove, Replace, Store, View


class DeleteWebhookRequest(NamedTuple):
    """Which webhook, and who asks."""

    caller: Caller
    id: str


class DeleteWebhookResult(NamedTuple):
    """It is gone."""


class DeleteWebhook:
    """A message that is on its way may still arrive; none is begun any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: DeleteWebhookRequest) -> DeleteWebhookResult:
        """Remove it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            WebhookNotFoundError: the caller has no such webhook.
        """
        caller = request.caller
        owned_key = key_for(WebhookList, caller.account)

        def decide(view: View, _: datetime) -> Decision[DeleteWebhookResult]:
            if view.is_in_doubt and view.get(webhook_key(caller, request.id)) is None:
                return Outcome(DeleteWebhookResult())  # ours has arrived
            changes: list[Change] = [Remove(require_webhook(view, caller, request.id))]
            if owned := view.get(owned_key):
                changes.append(Replace(drop_webhook(owned, request.id), read=owned))
            return Outcome(DeleteWebhookResult(), tuple(changes))

        keys = (key_for(Account, caller.account), webhook_key(caller, request.id), owned_key)
        return await self._store.transact(keys, decide)
