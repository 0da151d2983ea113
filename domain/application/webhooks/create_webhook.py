"""Make a webhook of the caller's account."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.application.webhooks.owned_webhooks import webhook_key
from domain.model.admission.api_key import new_id
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.webhooks.address import parse_target, require_callable
from domain.model.webhooks.webhook import Subscription, Webhook, WebhookList, add_webhook, new_webhook
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View
from domain.port.out.webhooks import WebhookSender


class CreateWebhookRequest(NamedTuple):
    """What the webhook is told of, and who asks. The url has been parsed before."""

    caller: Caller
    subscription: Subscription


class CreateWebhookResult(NamedTuple):
    """The webhook, whose secret is shown this once."""

    webhook: Webhook


class CreateWebhook:
    """It is told of what happens from the moment it was made.

    Args:
        store: where webhooks are kept.
        sender: what knows the network.
        clock: the time.
        to_private: whether http and private addresses may be called.
    """

    def __init__(self, store: Store, sender: WebhookSender, clock: Clock, *, to_private: bool) -> None:
        self._store = store
        self._sender = sender
        self._clock = clock
        self._to_private = to_private

    async def execute(self, request: CreateWebhookRequest) -> CreateWebhookResult:
        """Make it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            InvalidWebhookError: the address may not be called, or the account has as many as may be.
        """
        caller, subscription = request.caller, request.subscription
        webhook = new_webhook(caller.account, new_id(self._clock.now()), subscription, 0, self._clock.now())
        keys = _keys(webhook)
        _require_seen(await self._store.read(*keys), caller, subscription)
        target = parse_target(subscription.url)
        require_callable(target, to_private=self._to_private)
        await self._sender.check(target)
        return CreateWebhookResult(
            await self._store.transact(keys, lambda view, now: _decide(view, caller, webhook, now))
        )


def _keys(webhook: Webhook) -> tuple[Key[object], ...]:
    keys: tuple[Key[object], ...] = (
        key_for(Account, webhook.account),
        key_for(WebhookList, webhook.account),
        key_for(Webhook, webhook.account, webhook.id),
    )
    return (*keys, key_for(Market, webhook.market), key_for(Book, webhook.market)) if webhook.market else keys


def _require_seen(view: View, caller: Caller, subscription: Subscription) -> None:
    require_account(view, caller)
    if subscription.market is not None:
        market = view.get(key_for(Market, subscription.market))
        require_visible(market, subscription.market, caller)


def _decide(view: View, caller: Caller, made: Webhook, now: datetime) -> Decision[Webhook]:
    stored = view.get(webhook_key(caller, made.id))
    if stored is not None:  # ours: a commit in doubt has arrived
        return Outcome(stored)
    require_account(view, caller)
    book = view.get(key_for(Book, made.market)) if made.market else None
    webhook = replace(made, start=book.position if book else 0, created_at=now)
    owned = view.get(key_for(WebhookList, caller.account))
    added = add_webhook(owned, webhook)
    return Outcome(webhook, (Insert(webhook), Replace(added, read=owned) if owned else Insert(added)))
