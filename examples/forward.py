"""Forward a market's news to a channel of Slack or Teams.

HUNCH_SECRET=whsec_… CHANNEL=https://hooks.slack.com/services/… python examples/forward.py

Listens on PORT (9000). Needs the packages httpx and standardwebhooks, which checks that the news comes from Hunch.
"""

import json
import os
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK, CHANNEL = Webhook(os.environ["HUNCH_SECRET"]), os.environ["CHANNEL"]


def text_of(event: Mapping[str, Any]) -> str:
    """What the channel is told of an event."""
    trade = event["data"]
    if event["type"] != "trade":
        return f"{event['market']}: {event['type'].removeprefix('market.')}"
    now = ", ".join(f"{name} {float(price):.0%}" for name, price in trade["prices_after"].items())
    return f"{event['market']}: {trade['side']} {float(trade['quantity']):g} {trade['outcome']}. Now {now}"


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 once the channel has it, 401 to what is not from Hunch; after anything else Hunch tries again."""

    def do_POST(self) -> None:
        """Take one delivery."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            WEBHOOK.verify(body, {name.lower(): value for name, value in self.headers.items()})
        except WebhookVerificationError:
            return self._end(401)
        httpx.post(CHANNEL, json={"text": text_of(json.loads(body)["data"])}, timeout=10).raise_for_status()
        return self._end(204)

    def _end(self, status: int) -> None:
        self.send_response(status)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ.get("PORT", "9000"))), Receiver).serve_forever()
