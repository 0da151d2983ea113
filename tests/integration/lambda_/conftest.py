"""The functions as Lambda has them: their real handlers, over DynamoDB tables of moto's."""

import importlib
import io
import json
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import boto3
import httpx
import pytest
import pytest_asyncio

from functions.adapter.in_.lambda_.observability import LOGGER
from functions.adapter.out.dynamodb.tables import Tables, create_tables
from functions.config.dynamodb import ports
from functions.registry import FUNCTION_OF, HTTP_TRIGGERS
from tests.fakes.doorbells import doorbell_variables
from tests.fakes.dynamodb import mocked_aws
from tests.integration.lambda_.gateway import HOST, GatewayApi, GatewayTransport, Handler, Json, Service

TABLES = Tables(core="hunch-core", ledger="hunch-ledger")
VARIABLES = {
    "CORE_TABLE": TABLES.core,
    "LEDGER_TABLE": TABLES.ledger,
    **doorbell_variables("https://sqs.eu-west-1.amazonaws.com/123456789012/{}.fifo", "hunch-{}"),
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """Every HTTP function in an environment started anew, over empty tables; tests keep out of each other's way."""
    with pytest.MonkeyPatch.context() as patch, mocked_aws():
        for name, value in VARIABLES.items():
            patch.setenv(name, value)
        create_tables(boto3.client("dynamodb"), TABLES)
        ports.cache_clear()
        yield Service({name: cold_start(name) for name in (*HTTP_TRIGGERS, "fallback")})
        ports.cache_clear()


def cold_start(name: str) -> Handler:
    """The handler of a function, imported as if for the first time."""
    module = FUNCTION_OF[name].module("handler")
    sys.modules.pop(module, None)
    handler: Handler = importlib.import_module(module).handler
    return handler


@dataclass(frozen=True, slots=True)
class Logs:
    """What the functions log during a test."""

    stream: io.StringIO

    @property
    def text(self) -> str:
        """All of it."""
        return self.stream.getvalue()

    @property
    def lines(self) -> list[Json]:
        """Each line, which is a JSON object."""
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch) -> Logs:
    """The logs of this test."""
    stream = io.StringIO()
    monkeypatch.setattr(LOGGER.registered_handler, "stream", stream)
    return Logs(stream)


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the functions publish during a test."""

    capture: pytest.CaptureFixture[str]

    def published(self) -> list[Json]:
        """Each EMF document since the last time."""
        return [json.loads(line) for line in self.capture.readouterr().out.splitlines()]


@pytest.fixture
def metrics(capsys: pytest.CaptureFixture[str]) -> Metrics:
    """The metrics of this test."""
    return Metrics(capsys)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def api(service: Service) -> AsyncIterator[GatewayApi]:
    """A client of all functions through the gateway."""
    async with httpx.AsyncClient(transport=GatewayTransport(service), base_url=f"https://{HOST}") as http:
        yield GatewayApi(http)
