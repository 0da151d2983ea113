"""Give a webhook of the caller's account a new secret; both sign for a day."""

from datetime import datetime
from typing import NamedTuple

from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from domain.model.kernel.caller import Caller
from domain.model.webhooks.signing import new_secret
from domain.model.webhooks.webhook import Webhook, rotate_secret


class RotateWebhookSecretRequest(NamedTuple):
    """Which webhook, and who asks."""

    caller: Caller
    id: str


class RotateWebhookSecretResult(NamedTuple):
    """The webhook, whose new secret is shown this once."""

    webhook: Webhook


class RotateWebhookSecret:
    """Each call makes another secret."""

    def __init__(self, webhooks: OwnedWebhooks) -> None:
        self._webhooks = webhooks

    async def execute(self, request: RotateWebhookSecretRequest) -> RotateWebhookSecretResult:
        """Make the secret.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            WebhookNotFoundError: the caller has no such webhook.
        """
        secret = new_secret()

        def rotate(webhook: Webhook, now: datetime) -> Webhook:
            # Ours already: a commit in doubt has arrived. Rotated again, the receiver's present secret would be lost.
            return webhook if webhook.secret == secret else rotate_secret(webhook, secret, now)

        return RotateWebhookSecretResult(await self._webhooks.change(request.caller, request.id, rotate))
