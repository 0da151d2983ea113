"""List the last attempts of a webhook of the caller's account, newest first."""

from typing import NamedTuple

from domain.application.webhooks.owned_webhooks import OwnedWebhooks
from domain.model.kernel.caller import Caller
from domain.model.webhooks.delivery import Delivery
from domain.port.out.paging import Page, parse_id
from domain.port.out.webhooks import WebhookName, WebhookRepository


class ListWebhookDeliveriesRequest(NamedTuple):
    """Whose attempts, how many, and who asks."""

    caller: Caller
    id: str
    limit: int
    cursor: str | None = None


class ListWebhookDeliveriesResult(NamedTuple):
    """A page of them."""

    page: Page[Delivery]


class ListWebhookDeliveries:
    """The last hundred are kept; new ones push the oldest out, also between two pages."""

    def __init__(self, webhooks: OwnedWebhooks, repository: WebhookRepository) -> None:
        self._webhooks = webhooks
        self._repository = repository

    async def execute(self, request: ListWebhookDeliveriesRequest) -> ListWebhookDeliveriesResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            WebhookNotFoundError: the caller has no such webhook.
            InvalidCursorError: the cursor is none that this list gives.
        """
        below = None if request.cursor is None else parse_id(request.cursor)
        webhook = await self._webhooks.find(request.caller, request.id)
        found = await self._repository.find_deliveries(WebhookName(webhook.account, webhook.id))
        rest = [delivery for delivery in found if below is None or delivery.id < below]
        page, more = tuple(rest[: request.limit]), len(rest) > request.limit
        return ListWebhookDeliveriesResult(Page(page, page[-1].id if more else None))
