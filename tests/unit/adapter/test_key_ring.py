from datetime import timedelta
from typing import override

import jwt

from functions.adapter.out.oidc.key_ring import LIFE, PAUSE, KeyRing
from tests.fakes.clock import FakeClock


class CountingKeyRing(KeyRing):
    """A key ring whose issuer has no keys, and counts how often it is asked."""

    asked = 0

    @override
    def _download(self) -> dict[str, jwt.PyJWK]:
        self.asked += 1
        return {}


async def asked_after(ring: CountingKeyRing, clock: FakeClock, passed: timedelta) -> int:
    """How often the issuer was asked by then."""
    clock.advance(passed)
    assert await ring.find("unknown") is None
    return ring.asked


async def test_a_clock_that_is_set_back_keeps_no_key_out() -> None:
    """A key that is not there yet is asked for once a minute, whatever became of the clock in between."""
    clock = FakeClock()
    ring = CountingKeyRing("https://issuer.example", clock)
    assert await asked_after(ring, clock, timedelta()) == 1
    assert await asked_after(ring, clock, PAUSE - timedelta(seconds=1)) == 1
    assert await asked_after(ring, clock, timedelta(seconds=1)) == 2
    assert await asked_after(ring, clock, LIFE) == 3
    assert await asked_after(ring, clock, -LIFE) == 4
    assert await asked_after(ring, clock, PAUSE / 2) == 4
