"""Finding webhooks and what is due over SQLite."""

from collections.abc import Sequence
from datetime import datetime

from domain.model.kernel.notation import format_time
from domain.model.webhooks.delivery import KEPT, Delivery
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.webhooks import DueDelivery, WebhookName
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode


class SqliteWebhooks:
    """The WebhookRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_subscribers(self, market: str | None, limit: int, cursor: str | None = None) -> Page[WebhookName]:
        """The webhooks about one market or about all, by account and id."""
        query = """SELECT account, id FROM webhooks WHERE is_enabled AND market IS ? AND (account, id) > (?, ?)
            ORDER BY account, id LIMIT ?"""
        after = _parse(cursor) if cursor is not None else WebhookName("", "")
        parameters = (market, after.account, after.id, limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        names = tuple(WebhookName(*row) for row in found)
        return Page(names[:limit], str(names[limit - 1]) if len(names) > limit else None)

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueDelivery]:
        """Those whose next attempt is due, the longest waiting first."""
        query = """SELECT account, webhook, market FROM webhook_checkpoints WHERE next_attempt_at <= ?
            ORDER BY next_attempt_at LIMIT ?"""
        parameters = (format_time(now), limit)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [DueDelivery(WebhookName(account, id_), market) for account, id_, market in found]

    async def find_deliveries(self, webhook: WebhookName) -> Sequence[Delivery]:
        """The last attempts of a webhook, newest first."""
        query = "SELECT document FROM webhook_deliveries WHERE account = ? AND webhook = ? ORDER BY id DESC LIMIT ?"
        parameters = (webhook.account, webhook.id, KEPT)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        return [decode(Delivery, document) for (document,) in found]


def _parse(cursor: str) -> WebhookName:
    try:
        return WebhookName.parse(cursor)
    except ValueError as error:
        raise InvalidCursorError(cursor) from error
