"""Callers of many environments, which share an allowance and nothing else."""

import asyncio
import math
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.problem_details import ProblemError
from functions.adapter.in_.lambda_ import rate_limits
from functions.adapter.in_.lambda_.rate_limits import SharedRateLimits
from functions.registry import REQUESTS_PER_MINUTE, counted_together
from tests.fakes.clock import FakeClock
from tests.fakes.world import caller

ENVIRONMENTS = 3
MINUTE = 60


class MemoryAllowance:
    """A minute's worth of requests for each caller, as the port says it."""

    def __init__(self, requests: int, clock: FakeClock) -> None:
        self.taken: list[int] = []
        self._requests = requests
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    async def take(self, caller: str, requests: int) -> int:
        """Take them, or say when there will be so many."""
        now, rate = self._clock.monotonic(), self._requests / MINUTE
        left, at = self._left.get(caller, (float(self._requests), now))
        left = min(float(self._requests), left + (now - at) * rate)
        self.taken.append(requests)
        if left + 1e-9 >= requests:
            self._left[caller] = (left - requests, now)
            return 0
        return max(1, math.ceil((requests - left) * MINUTE / self._requests - 1e-9))


def asked(address: str | None = None, peer: str = "192.0.2.1") -> Request:
    """A request as the gateway brings it; the address is CloudFront's word."""
    headers = [] if address is None else [(b"x-hunch-address", address.encode())]
    return Request({"type": "http", "path": "/", "headers": headers, "client": (peer, 0)})


def wait_of(limits: SharedRateLimits, who: Caller | None, request: Request | None = None) -> int:
    """The seconds that a caller is told to wait; 0 where the request passes."""
    try:
        asyncio.run(limits.count(request or asked(), who))
    except ProblemError as error:
        return int(error.headers["Retry-After"])
    return 0


type Steps = Sequence[tuple[int, float]]
STEPS: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.integers(0, ENVIRONMENTS - 1), st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.5, 2.0, 30.0])), max_size=100
)


@given(steps=STEPS, requests=st.sampled_from([5, 60, 90, 240]))
def test_no_window_has_more_than_the_promise(steps: Steps, requests: int) -> None:
    """In any time t at most a minute's worth, and rate times t, and a few more for each environment, once."""
    clock = FakeClock()
    together = counted_together(requests)
    allowance = MemoryAllowance(requests, clock)
    environments = [SharedRateLimits(allowance, together, clock) for _ in range(ENVIRONMENTS)]
    passed = []
    for environment, pause in [step for step in steps for _ in range(3)]:
        clock.advance(timedelta(seconds=pause / 3))
        if not wait_of(environments[environment], caller("ann")):
            passed.append(clock.monotonic())
    spare = ENVIRONMENTS * (together - 1)
    for first, start in enumerate(passed):
        for last in range(first, len(passed)):
            seconds = passed[last] - start
            assert last - first + 1 <= requests + requests / MINUTE * seconds + spare + 1e-6


@given(pauses=st.lists(st.floats(0.1, 5), max_size=100))
def test_who_keeps_to_the_rate_is_never_refused(pauses: Sequence[float]) -> None:
    """At ten requests a second, of one environment, for as long as one likes."""
    clock = FakeClock()
    limits = SharedRateLimits(MemoryAllowance(600, clock), counted_together(600), clock)
    for pause in pauses:
        clock.advance(timedelta(seconds=pause))
        assert wait_of(limits, caller("ann")) == 0


def test_waiting_as_told_is_enough() -> None:
    """The refused one costs nothing, whoever else asks is not touched, and nothing is taken before it is time."""
    clock = FakeClock()
    allowance = MemoryAllowance(60, clock)
    limits = SharedRateLimits(allowance, 1, clock)
    assert [wait_of(limits, caller("ann")) for _ in range(62)] == [0] * 60 + [1, 1]
    assert len(allowance.taken) == 61
    assert wait_of(limits, caller("bob")) == 0
    clock.advance(timedelta(seconds=1))
    assert [wait_of(limits, caller("ann")) for _ in range(2)] == [0, 1]


def test_most_requests_take_nothing() -> None:
    """One in ten asks the table at the usual limit, and then for all ten."""
    clock = FakeClock()
    allowance = MemoryAllowance(REQUESTS_PER_MINUTE, clock)
    limits = SharedRateLimits(allowance, counted_together(REQUESTS_PER_MINUTE), clock)
    for _ in range(39):
        assert wait_of(limits, caller("ann")) == 0
    assert allowance.taken == [10, 10, 10]


@pytest.mark.parametrize(("requests", "together"), [(1, 1), (59, 1), (60, 1), (120, 2), (600, 10), (999_999, 10)])
def test_what_is_counted_together_is_a_second_s_worth(requests: int, together: int) -> None:
    """More than there is at all could never be taken."""
    assert counted_together(requests) == together


@pytest.mark.parametrize(
    ("named", "peer", "address"),
    [
        ("198.51.100.7", "192.0.2.1", "198.51.100.7"),
        ("2001:db8:1:2:3::4", "192.0.2.1", "2001:db8:1:2::/64"),
        (None, "192.0.2.1", "192.0.2.1"),
        ("anything else", "192.0.2.1", "192.0.2.1"),
        ("", "test-invoke-source-ip", "test-invoke-source-ip"),
    ],
)
def test_where_anonymous_requests_come_from(named: str | None, peer: str, address: str) -> None:
    """CloudFront's word, if it is an address; otherwise whoever asks the gateway."""
    assert rate_limits.address_of(asked(named, peer)) == address


def test_addresses_and_accounts_are_apart() -> None:
    """Nobody uses up what belongs to somebody else, whatever they are called."""
    clock = FakeClock()
    limits = SharedRateLimits(MemoryAllowance(1, clock), 1, clock)
    assert [wait_of(limits, None, asked("198.51.100.7")) for _ in range(2)] == [0, 60]
    assert wait_of(limits, None, asked("198.51.100.8")) == 0
    assert wait_of(limits, caller("198-51-100-7")) == 0


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit those are forgotten who asked longest ago."""
    monkeypatch.setattr(rate_limits, "MOST_REMEMBERED", 2)
    limits = SharedRateLimits(MemoryAllowance(600, FakeClock()), 10, FakeClock())
    for name in ("ann", "bob", "ann", "cem"):
        wait_of(limits, caller(name))
    assert list(limits._tabs) == ["account ann", "account cem"]
