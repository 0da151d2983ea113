"""Every day, on Lambda: rings for resolved markets whose results are not in the records."""

from collections.abc import Mapping

from domain.application.record.ring_unrecorded import RingUnrecordedRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import ports
from functions.config.wiring.record.ring_unrecorded import ring_unrecorded

_ring_unrecorded = ring_unrecorded(ports())


async def _ring() -> Mapping[str, int]:
    return {"done": (await _ring_unrecorded.execute(RingUnrecordedRequest())).rings}


handler = schedule_handler("ring_unrecorded", _ring)
