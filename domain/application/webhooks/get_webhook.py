"""Read a webhook of the caller's account."""

from typing import NamedTuple

from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from domain.model.kernel.caller import Caller
from domain.model.webhooks.webhook import Webhook


class GetWebhookRequest(NamedTuple):
    """Which webhook, and who asks."""

    caller: Caller
    id: str


class GetWebhookResult(NamedTuple):
    """The webhook, whose secret is not for showing."""

    webhook: Webhook


class GetWebhook:
    """To others than its owner, admins too, there is none."""

    def __init__(self, webhooks: OwnedWebhooks) -> None:
        self._webhooks = webhooks

    async def execute(self, request: GetWebhookRequest) -> GetWebhookResult:
        """Find it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            WebhookNotFoundError: the caller has no such webhook.
        """
        return GetWebhookResult(await self._webhooks.find(request.caller, request.id))
