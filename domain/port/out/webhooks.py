"""Finding webhooks, and sending to them. What is found may trail acknowledged writes; on one machine it does not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from domain.model.webhooks.address import Target
from domain.model.webhooks.delivery import Answer, Delivery
from domain.port.out.paging import Page

EVERY_MARKET = "*"
"""Stands for all markets where a ring names one."""


class WebhookName(NamedTuple):
    """What names a webhook."""

    account: str
    id: str

    def __str__(self) -> str:
        return f"{self.account}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> "WebhookName":
        """The name that a text stands for.

        Raises:
            ValueError: it stands for none.
        """
        account, slash, id_ = text.partition("/")
        if not slash:
            raise ValueError(f"{text!r} names no webhook")
        return cls(account, id_)


class DueDelivery(NamedTuple):
    """A webhook that is to be told of a market once more."""

    webhook: WebhookName
    market: str


class WebhookRepository(Protocol):
    """Which webhooks there are, and what is due."""

    async def find_subscribers(self, market: str | None, limit: int, cursor: str | None = None) -> Page[WebhookName]:
        """The webhooks about one market, or with None those about all, that are not disabled; in no order.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueDelivery]:
        """Those whose next attempt is due, the longest waiting first."""
        ...

    async def find_deliveries(self, webhook: WebhookName) -> Sequence[Delivery]:
        """The last attempts of a webhook, newest first; at most :data:`~domain.model.webhooks.delivery.KEPT`."""
        ...


class WebhookSender(Protocol):
    """Sends messages over the network."""

    async def check(self, target: Target) -> None:
        """See that a target may be called. A name that does not resolve now may be; it is looked at again each time.

        Raises:
            InvalidWebhookError: it leads to an address that may not be called.
        """
        ...

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one message and wait for the answer, 15 seconds at the most. It never raises for what a receiver does.

        The address is looked at again, and what was looked at is what is called. Redirects are answers.
        """
        ...
