"""The client gives up in time, and never repeats a request by itself."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import OutcomeUnknown
from functions.adapter.out.dynamodb.gateway import READ_ATTEMPTS, create_client
from functions.adapter.out.dynamodb.gateway import connect as connect_at_start
from functions.adapter.out.dynamodb.tables import Tables
from functions.adapter.out.optimistic import _BUDGET_SECONDS
from functions.config.dynamodb import dynamodb_persistence, ports
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.registry import FUNCTIONS, Http
from functions.registry.deployed import CONNECT_AT_START
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.dynamodb import ENVIRONMENT, connect
from tests.fakes.samples import ANN

FAILURE = b'{"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": "made up"}'


class FailingEndpoint(ThreadingHTTPServer):
    """Answers every request with a failure of the service, and counts them and the connections they come by."""

    requests = 0
    connections = 0


class _FailingHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FailingEndpoint

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.server.requests += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.send_header("Content-Length", str(len(FAILURE)))
        self.end_headers()
        self.wfile.write(FAILURE)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[FailingEndpoint]:
    """A DynamoDB that is down."""
    with FailingEndpoint(("127.0.0.1", 0), _FailingHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_it_waits_less_than_a_function_may_run() -> None:
    """However slow DynamoDB is, the last commit begins in time and four reads before it end in time."""
    config: Any = connect().meta.config
    call_seconds = config.connect_timeout + config.read_timeout
    longest = _BUDGET_SECONDS + READ_ATTEMPTS * call_seconds + call_seconds
    http = [function for function in FUNCTIONS if isinstance(function.trigger, Http)]
    assert all(longest < function.timeout_seconds < 29 for function in http)


def test_one_attempt(endpoint: FailingEndpoint) -> None:
    """A request to a failing endpoint arrives once."""
    client = connect(f"http://127.0.0.1:{endpoint.server_port}")
    with pytest.raises(ClientError, match="InternalServerError"):
        client.get_item(TableName="core", Key={"PK": {"S": "A#ann"}})
    assert endpoint.requests == 1


async def test_writes_arrive_once_and_reads_four_times(endpoint: FailingEndpoint) -> None:
    """Through the adapter a failing transaction is in doubt after one request, a failing read given up after four."""
    client = connect(f"http://127.0.0.1:{endpoint.server_port}")
    persistence = dynamodb_persistence(client, Tables("core", "ledger"), FakeClock(), SeededRandom())
    assert await persistence.unit_of_work.commit([Insert(ANN)]) == OutcomeUnknown()
    assert endpoint.requests == 1
    with pytest.raises(ContentionError):
        await persistence.records.read(key_for(Account, "ann"))
    assert endpoint.requests == 1 + 4


def test_connections_are_kept_alive() -> None:
    """An environment that has rested finds the connection it had."""
    config: Any = connect().meta.config
    assert config.tcp_keepalive is True
    assert config.connect_timeout == 1


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of a function."""
    for name, value in {**ENVIRONMENT, "CORE_TABLE": "core", "LEDGER_TABLE": "ledger"}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("function")
@pytest.mark.parametrize("is_wanted", [False, True])
def test_a_connection_is_made_at_the_start(
    endpoint: FailingEndpoint, monkeypatch: pytest.MonkeyPatch, *, is_wanted: bool
) -> None:
    """One request, where the stack wants it; that it failed does not matter yet."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{endpoint.server_port}")
    if is_wanted:
        monkeypatch.setenv(CONNECT_AT_START, "1")
    assert ports.__wrapped__().settings == Settings.from_environment({})
    assert endpoint.requests == is_wanted


@pytest.mark.usefixtures("function")
def test_an_environment_starts_although_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the endpoint: the function starts, and the first request tells of it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv(CONNECT_AT_START, "1")
    assert isinstance(ports.__wrapped__(), Ports)


@pytest.mark.usefixtures("function")
def test_the_connection_of_the_start_is_the_one_that_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first request of an environment finds it open."""
    with FailingEndpoint(("127.0.0.1", 0), _FailingHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        client = create_client()
        connect_at_start(client, Tables("core", "ledger"))
        with pytest.raises(ClientError):
            client.batch_get_item(RequestItems={"core": {"Keys": [{"PK": {"S": "A#ann"}, "SK": {"S": "P"}}]}})
        server.shutdown()
        thread.join()
    assert (server.requests, server.connections) == (2, 1)
