import logging
from datetime import timedelta
from typing import NoReturn

import pytest

from functions.adapter.in_.http import rate_limit
from functions.adapter.in_.http.client_address import ClientAddresses
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import ProblemError
from functions.adapter.in_.http.rate_limit import RateLimit
from functions.config.settings import Settings
from tests.fakes.clock import FakeClock


def wait_of(limit: RateLimit, caller: str) -> int:
    """The seconds that a caller is told to wait; 0 where the request passes."""
    try:
        limit.count(caller, "Too often.")
    except ProblemError as error:
        return int(error.headers["Retry-After"])
    return 0


def test_a_minute_s_worth() -> None:
    """At once or spread out; a refused request costs nothing, and waiting as told is enough."""
    clock = FakeClock()
    limit = RateLimit(5, clock)
    assert [wait_of(limit, "ann") for _ in range(7)] == [0] * 5 + [12, 12]
    assert wait_of(limit, "bob") == 0
    clock.advance(timedelta(seconds=11.5))
    assert wait_of(limit, "ann") == 1
    clock.advance(timedelta(seconds=0.5))
    assert [wait_of(limit, "ann") for _ in range(2)] == [0, 12]


class SetBack(FakeClock):
    """A clock whose hands nobody may look at, because somebody sets them back."""

    def now(self) -> NoReturn:
        raise AssertionError("a duration is measured by the wall clock")


def test_the_wall_clock_locks_nobody_out() -> None:
    """However the machine's clock is set, nobody waits longer than a minute."""
    limit = RateLimit(1, SetBack())
    assert [wait_of(limit, "ann") for _ in range(2)] == [0, 60]


def test_what_is_paid_off_is_forgotten() -> None:
    """However many callers ask, those that have not asked for a while take no room."""
    clock = FakeClock()
    limit = RateLimit(600, clock)
    for number in range(100):
        limit.count(f"account-{number}", "")
    clock.advance(timedelta(minutes=1))
    limit.count("one-more", "")
    assert list(limit._paid_off_at) == ["one-more"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit those are forgotten who were let in longest ago."""
    monkeypatch.setattr(rate_limit, "MOST_REMEMBERED", 3)
    limit = RateLimit(2, FakeClock())
    assert [wait_of(limit, caller) for caller in ("ann", "ann", "ann", "bob", "carl")] == [0, 0, 30, 0, 0]
    assert [wait_of(limit, caller) for caller in ("dora", "emil")] == [0, 0]
    assert list(limit._paid_off_at) == ["carl", "dora", "emil"]


def address(trusted: str, peer: str | None, *forwarded: str) -> str:
    """Where a request comes from, with these addresses of proxies set."""
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    scope = {"type": "http", "path": "/", "headers": headers, "client": (peer, 1) if peer is not None else None}
    networks = Settings.from_environment({"HUNCH_TRUSTED_PROXIES": trusted}).trusted_proxies
    return ClientAddresses(networks).of(Request(scope))


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "origin"),
    [
        ("", "192.0.2.1", [], "192.0.2.1"),
        ("", "192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("192.0.2.1", "192.0.2.2", ["198.51.100.1"], "192.0.2.2"),
        ("192.0.2.1", "192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1", ["198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1", "192.0.2.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1", "192.0.2.1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        ("192.0.2.1, 10.0.0.0/8", "10.1.2.3", ["203.0.113.9, 198.51.100.1 , 192.0.2.1"], "198.51.100.1"),
        ("10.0.0.0/8", "10.1.2.3", ["10.9.9.9, 10.8.8.8"], "10.9.9.9"),
        ("10.0.0.0/8", "10.1.2.3", ["203.0.113.9, unknown"], "10.1.2.3"),
        ("10.0.0.0/8", "10.1.2.3", ["203.0.113.9,"], "10.1.2.3"),
        ("10.0.0.0/8", "10.1.2.3", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.0/8", "::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("::1", "::1", ["[2001:db8:1:2:3::4]:80"], "2001:db8:1:2::/64"),
        ("", "2001:db8:1:2:ffff::9", [], "2001:db8:1:2::/64"),
        ("", "testclient", ["198.51.100.1"], "testclient"),
        ("", None, [], ""),
    ],
)
def test_the_address_of_a_client(trusted: str, peer: str | None, forwarded: list[str], origin: str) -> None:
    """Of what is forwarded, only what trusted proxies wrote counts; an IPv6 network is one client."""
    assert address(trusted, peer, *forwarded) == origin


def test_a_proxy_that_nobody_named_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    """The log says once why all who come through a proxy share a limit."""
    clients = ClientAddresses()
    scope = {"type": "http", "path": "/", "headers": [(b"x-forwarded-for", b"192.0.2.9")], "client": ("10.0.0.1", 1)}
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            clients.of(Request(scope))
    assert [record.getMessage().partition(" says")[0] for record in caplog.records] == ["A request from 10.0.0.1"]
