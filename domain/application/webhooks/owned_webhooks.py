"""The webhooks of the caller's account; nobody else's are there for it, whoever asks."""

from collections.abc import Callable
from datetime import datetime

from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import WebhookNotFoundError
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.webhooks.webhook import Webhook
from domain.port.out.store import Decision, Outcome, Replace, Store, View

type ChangeWebhook = Callable[[Webhook, datetime], Webhook]
"""The webhook as it is from this instant on; the same one when nothing changes."""


def webhook_key(caller: Caller, id_: str) -> Key[Webhook]:
    """Where a webhook of the caller's is, if there is one."""
    return key_for(Webhook, caller.account, id_)


def require_webhook(view: View, caller: Caller, id_: str) -> Webhook:
    """The caller's webhook.

    Raises:
        AccountNotFoundError: the caller has not opened an account.
        WebhookNotFoundError: the caller has no such webhook.
    """
    require_account(view, caller)
    webhook = view.get(webhook_key(caller, id_))
    if webhook is None:
        raise WebhookNotFoundError(id_)
    return webhook


class OwnedWebhooks:
    """Reads and changes one webhook of the caller's."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def find(self, caller: Caller, id_: str) -> Webhook:
        """The webhook; see :func:`require_webhook` for what is refused."""
        snapshot = await self._store.read(key_for(Account, caller.account), webhook_key(caller, id_))
        return require_webhook(snapshot, caller, id_)

    async def change(self, caller: Caller, id_: str, change: ChangeWebhook) -> Webhook:
        """The webhook once it is changed; see :func:`require_webhook` for what is refused."""

        def decide(view: View, now: datetime) -> Decision[Webhook]:
            webhook = require_webhook(view, caller, id_)
            changed = change(webhook, now)
            return Outcome(changed, () if changed is webhook else (Replace(changed, read=webhook),))

        return await self._store.transact([key_for(Account, caller.account), webhook_key(caller, id_)], decide)
