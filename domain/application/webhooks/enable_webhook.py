"""Let a webhook of the caller's account go on, at once, with the event that failed."""

from typing import NamedTuple

from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import ContentionError
from domain.model.webhooks.webhook import Webhook, enable_webhook
from domain.port.out.doorbell import Doorbell, Ring, RingLostError
from domain.port.out.webhooks import EVERY_MARKET, WebhookName


class EnableWebhookRequest(NamedTuple):
    """Which webhook, and who asks."""

    caller: Caller
    id: str


class EnableWebhookResult(NamedTuple):
    """The webhook, active again."""

    webhook: Webhook


class EnableWebhook:
    """Failed attempts of before do not count any more.

    Args:
        webhooks: the caller's.
        doorbell: rings for whoever finds the markets of a webhook.
    """

    def __init__(self, webhooks: OwnedWebhooks, doorbell: Doorbell) -> None:
        self._webhooks = webhooks
        self._doorbell = doorbell

    async def execute(self, request: EnableWebhookRequest) -> EnableWebhookResult:
        """Enable it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            WebhookNotFoundError: the caller has no such webhook.
            ContentionError: it is enabled, and nobody could be told to go on. Enable it again.
        """
        webhook = await self._webhooks.change(request.caller, request.id, lambda found, _: enable_webhook(found))
        subject = str(WebhookName(webhook.account, webhook.id))
        try:
            await self._doorbell.ring([Ring(webhook.market or EVERY_MARKET, f"enabled {webhook.epoch}", subject)])
        except RingLostError as error:
            raise ContentionError from error
        return EnableWebhookResult(webhook)
