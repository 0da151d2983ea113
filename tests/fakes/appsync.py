"""AppSync's HTTP endpoint for events on loopback: it takes down what is published, and checks who signed it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

type Json = dict[str, Any]


@dataclass
class FakeAppSync:
    """What was published, and how it is answered.

    Args:
        url: where events are posted to.
        secret: the key that requests are signed with.
        status: of its answers.
        failed: whether it says that the event failed, in an answer that is a success.
        hangs_up: whether it ends connections in place of an answer.
        silent: makes it answer nothing until it is set.
        published: the bodies of the requests whose signature is right.
        refused: how many had another signature.
    """

    url: str
    secret: str
    status: int = 200
    failed: bool = False
    hangs_up: bool = False
    silent: threading.Event | None = None
    published: list[Json] = field(default_factory=list)
    refused: int = 0

    def events(self) -> list[tuple[str, Json]]:
        """The channel and the content of every event."""
        return [(body["channel"], json.loads(event)) for body in self.published for event in body["events"]]

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, Json]:
        """Answer a request."""
        if self.silent:
            self.silent.wait()
        if not self._is_signed(headers, body):
            self.refused += 1
            return 403, {"errors": [{"errorType": "UnauthorizedException", "message": "You are not authorized."}]}
        self.published.append(json.loads(body))
        entry = [{"identifier": "1", "index": 0}]
        return self.status, {"failed": entry if self.failed else [], "successful": [] if self.failed else entry}

    def _is_signed(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether botocore would sign it the same, with the key that is right, at the time that it names."""
        given = headers.get("authorization", "")
        scope = given.partition("Credential=")[2].partition(",")[0].split("/")
        if len(scope) != 5:
            return False
        access, _, region, service, _ = scope
        request = AWSRequest("POST", self.url, {"Content-Type": headers["content-type"]}, body)
        for name in ("x-amz-date", "x-amz-security-token"):
            if name in headers:
                request.headers[name] = headers[name]
        request.context["timestamp"] = headers["x-amz-date"]
        signer = SigV4Auth(Credentials(access, self.secret), service, region)
        signed = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
        return service == "appsync" and given.endswith(f"Signature={signed}")


@contextmanager
def fake_appsync(secret: str) -> Iterator[FakeAppSync]:
    """An endpoint that trusts who signs with that key."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = api.take({name.lower(): value for name, value in self.headers.items()}, body)
            if api.hangs_up:
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        api = FakeAppSync(f"http://127.0.0.1:{server.server_address[1]}/event", secret)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield api
        finally:
            if api.silent:
                api.silent.set()
            server.shutdown()
            thread.join()
