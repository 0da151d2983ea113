"""Every five minutes, on Lambda: rings again for markets that are still being settled."""

from collections.abc import Mapping

from domain.application.settlement.ring_stale import RingStaleRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import ports
from functions.config.wiring.settlement.ring_stale import ring_stale

_ring_stale = ring_stale(ports())


async def _ring() -> Mapping[str, int]:
    return {"done": (await _ring_stale.execute(RingStaleRequest())).rings}


handler = schedule_handler("ring_stale", _ring)
