"""What programs need: keys, webhooks, and whether the instance works."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

from hunch_client.connection import Connection, segment
from hunch_client.models import ApiKey, Audit, NewApiKey, NewWebhook, Webhook

type Scope = Literal["read", "trade", "admin"]


class Programs:
    """What concerns programs; every method raises :class:`~hunch_client.HunchError` where the instance refuses."""

    _connection: Connection

    def api_keys(self) -> Iterator[ApiKey]:
        """The caller's keys for programs."""
        return self._connection.pages("/v1/api-keys", ApiKey)

    def create_api_key(self, name: str, scopes: Sequence[Scope], *, expires_at: datetime | None = None) -> NewApiKey:
        """Make a key for a program."""
        body = {"name": name, "scopes": scopes, "expires_at": expires_at}
        return self._connection.write_once("/v1/api-keys", NewApiKey, body)

    def revoke_api_key(self, key_id: str) -> None:
        """End a key."""
        self._connection.delete(f"/v1/api-keys/{segment(key_id)}")

    def webhooks(self) -> Iterator[Webhook]:
        """Where the caller has events sent."""
        return self._connection.pages("/v1/webhooks", Webhook)

    def create_webhook(self, url: str, *, market: str | None = None, types: Sequence[str] | None = None) -> NewWebhook:
        """Have events sent to an address: of one market or all, of some types or all."""
        chosen = {"market": market, "types": types}
        body = {"url": url} | {name: value for name, value in chosen.items() if value is not None}
        return self._connection.write_once("/v1/webhooks", NewWebhook, body)

    def enable_webhook(self, webhook_id: str) -> Webhook:
        """Go on sending where it was disabled."""
        return self._connection.write_once(f"/v1/webhooks/{segment(webhook_id)}/enable", Webhook)

    def delete_webhook(self, webhook_id: str) -> None:
        """Send nothing there any more."""
        self._connection.delete(f"/v1/webhooks/{segment(webhook_id)}")

    def audit(self) -> Audit:
        """Whether the books balance."""
        return self._connection.get("/v1/audit", Audit)

    def version(self) -> str:
        """The version of an instance that works."""
        return self._connection.get("/v1/health", dict[str, str])["version"]
