"""Every minute, on Lambda: closes markets past their closing time."""

from collections.abc import Mapping

from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import container

_close_expired_markets = container().close_expired_markets


async def _close() -> Mapping[str, int]:
    return {"done": (await _close_expired_markets.execute(CloseExpiredMarketsRequest())).closed}


handler = schedule_handler("close_expired_markets", _close)
