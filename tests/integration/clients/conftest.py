"""A running instance, clients of it, and a network that loses what it is told to lose."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from hunch_client import Hunch, Retries
from tests.integration.embedded.commands.instance import Running, running

type Client = Callable[..., Hunch]


@dataclass
class Network(httpx.BaseTransport):
    """Carries requests to the instance, but loses the answers to the next ones.

    Args:
        lost: how many answers it loses; the instance has then done what was asked.
        unsent: how many requests it does not carry at all.
        sent: every request that it carried.
    """

    lost: int = 0
    unsent: int = 0
    sent: list[httpx.Request] = field(default_factory=list)
    inner: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.unsent:
            self.unsent -= 1
            raise httpx.ConnectTimeout("nobody there", request=request)
        self.sent.append(request)
        response = self.inner.handle_request(request)
        if self.lost:
            self.lost -= 1
            response.close()
            raise httpx.ReadTimeout("too slow", request=request)
        return response

    def close(self) -> None:
        self.inner.close()


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One instance for all; tests use accounts and markets of their own."""
    with running(tmp_path_factory.mktemp("instance")) as serving:
        yield serving


@pytest.fixture
def network() -> Iterator[Network]:
    """A network between a client and the instance."""
    made = Network()
    yield made
    made.close()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that clients would have waited."""
    return []


@pytest.fixture
def client(instance: Running, network: Network, pauses: list[float]) -> Iterator[Client]:
    """Makes a client for an account, which it opens, or for nobody in particular."""
    made: list[Hunch] = []

    def make(account: str | None = None, *roles: str) -> Hunch:
        token = None
        if account is not None:
            answer = instance.http.post("/v1/dev/sign-in", json={"account": account, "roles": list(roles)})
            token = answer.raise_for_status().json()["token"]
        hunch = Hunch(instance.url, token, retries=Retries(sleep=pauses.append), transport=network)
        made.append(hunch)
        if account is not None:
            hunch.open_account()
            network.sent.clear()
        return hunch

    yield make
    for hunch in made:
        hunch.close()
    instance.meddler.answers.clear()
