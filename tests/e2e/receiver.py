"""Somebody whom webhooks of the deployed stack tell what happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.e2e.deployment import STACK, Deployment


@dataclass
class Receiver:
    """Messages as they arrived. The first is refused.

    Args:
        url: where they are sent.
    """

    url: str = ""
    messages: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Keep a message; the status to answer with."""
        self.messages.append((headers, body))
        return 204 if self.messages[1:] else 500


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on this machine for as long as the block."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(receiver.take({name.lower(): value for name, value in self.headers.items()}, body))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield receiver
        finally:
            server.shutdown()


@contextmanager
def calling_this_machine(deployment: Deployment) -> Iterator[None]:
    """For the test webhooks may lead to this machine, which no deployed function lets them do."""
    functions = deployment.client("lambda")
    names = [f"{STACK}-{name}" for name in ("create_webhook", "deliver_webhook")]
    found = {name: functions.get_function_configuration(FunctionName=name)["Environment"] for name in names}
    for name, environment in found.items():
        variables = environment["Variables"] | {"HUNCH_WEBHOOKS_TO_PRIVATE": "true"}
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    yield
    for name, environment in found.items():
        functions.update_function_configuration(FunctionName=name, Environment=environment)
