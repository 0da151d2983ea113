"""Every six hours, on Lambda: rings for webhooks that are behind their markets."""

from collections.abc import Mapping

from domain.application.webhooks.ring_untold import RingUntoldRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import ports
from functions.config.wiring.webhooks.ring_untold import ring_untold

_ring_untold = ring_untold(ports())


async def _ring() -> Mapping[str, int]:
    return {"done": (await _ring_untold.execute(RingUntoldRequest())).rings}


handler = schedule_handler("ring_untold", _ring)
