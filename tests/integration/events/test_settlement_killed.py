"""Settlement may be killed at any of its calls: whoever comes after finishes it, and nobody is paid twice."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.events.conftest import Cloud, ProcessKilledError, new_cloud
from tests.integration.events.shapes import deliver, ring_record
from tests.integration.events.test_settle_positions import assert_paid_once, decide

CALLS = 30
"""No fewer than settling the market takes; what is beyond the last call kills nobody."""


class Decided:
    """A market that is decided, as often as it is wanted."""

    def __init__(self, cloud: Cloud) -> None:
        cloud.live(decide(cloud, "rain"))
        self._cloud = cloud
        self._state = cloud.state()

    def again(self) -> Cloud:
        """The cloud with nothing of it paid out, and nobody killed yet."""
        self._cloud.restore(self._state)
        revive(self._cloud)
        return self._cloud


def revive(cloud: Cloud, dies_at: int | None = None, *, is_done: bool = False) -> None:
    """Start counting anew; the next process dies there."""
    cloud.client.calls.clear()
    cloud.client.dies_at, cloud.client.is_done = dies_at, is_done


@pytest.fixture(scope="module")
def decided(clients: dict[str, Any]) -> Iterator[Decided]:
    """Made once; every test puts it back to where it was."""
    with new_cloud(clients) as cloud:
        yield Decided(cloud)


def settle(cloud: Cloud) -> bool:
    """Ring for the market in a new environment; whether that finished, and was not killed."""
    try:
        return deliver(cloud.start("settle_positions"), [ring_record("rain")]) == []
    except ProcessKilledError:
        return False


def test_how_many_calls_there_are(decided: Decided) -> None:
    """The tests below kill at every call: settling takes no more of them, and writes in several."""
    cloud = decided.again()
    assert settle(cloud)
    assert 20 < len(cloud.client.calls) <= CALLS
    assert cloud.client.calls.count("transact_write_items") >= 3
    assert cloud.client.calls[-1] == "transact_write_items"


@pytest.mark.parametrize("call", range(1, CALLS + 1, 3))  # the simulation dies at any of them
def test_killed_at_a_call(decided: Decided, call: int) -> None:
    """Killed before the call takes effect, killed again just after it did, the third finishes."""
    cloud = decided.again()
    revive(cloud, call)
    first = settle(cloud)
    assert first is (len(cloud.client.calls) < call)
    cloud.client.dies_at = None
    assert_money_is_all_there(cloud)
    revive(cloud, call, is_done=True)
    settle(cloud)
    assert_money_is_all_there(cloud)
    revive(cloud)
    assert settle(cloud)
    assert_paid_once(cloud, "rain")


@pytest.mark.parametrize("write", range(1, 5))
def test_killed_after_a_write(decided: Decided, write: int) -> None:
    """Killed with a transaction committed and its answer lost, as the first thing that happens to the market."""
    cloud = decided.again()
    settle(cloud)
    writes = [place for place, call in enumerate(cloud.client.calls, 1) if call == "transact_write_items"]
    cloud = decided.again()
    revive(cloud, writes[min(write, len(writes)) - 1], is_done=True)
    assert not settle(cloud)
    assert_money_is_all_there(cloud)
    revive(cloud)
    assert settle(cloud)
    assert_paid_once(cloud, "rain")


def test_killed_again_and_again(decided: Decided) -> None:
    """However often it is killed after its next write took effect, every life brings it forward, and it ends."""
    cloud = decided.again()
    for _ in range(CALLS):
        revive(cloud)
        cloud.client.calls = KilledAfterOneWrite(cloud)
        if settle(cloud):
            break
        assert_money_is_all_there(cloud)
    else:
        raise AssertionError("it never ends")
    assert_paid_once(cloud, "rain")


class KilledAfterOneWrite(list[str]):
    """The calls of a process that is killed at its first write, once that has taken effect."""

    def __init__(self, cloud: Cloud) -> None:
        super().__init__()
        self._client = cloud.client

    def append(self, call: str) -> None:
        super().append(call)
        if call == "transact_write_items" and self._client.dies_at is None:
            self._client.dies_at, self._client.is_done = len(self), True


def assert_money_is_all_there(cloud: Cloud) -> None:
    """Half way, too, balances and what is left of the pool sum to what was issued."""
    cloud.assert_balanced(4_000_000_000)


def test_a_kill_leaves_the_environment_no_task(decided: Decided) -> None:
    """What was going on in the other shards is over when the invocation is: nothing runs on into the next one."""
    cloud = decided.again()
    revive(cloud, 5)
    assert not settle(cloud)
    made = len(cloud.client.calls)
    cloud.live(asyncio.sleep(0))
    assert len(cloud.client.calls) == made
