"""Every five minutes, on Lambda: closes markets past their closing time."""

from collections.abc import Mapping

from domain.application.trading.close_expired_markets import CloseExpiredMarketsRequest
from functions.adapter.in_.lambda_.event_handler import schedule_handler
from functions.config.dynamodb import ports
from functions.config.wiring.trading.close_expired_markets import close_expired_markets

_close_expired_markets = close_expired_markets(ports())


async def _close() -> Mapping[str, int]:
    return {"done": (await _close_expired_markets.execute(CloseExpiredMarketsRequest())).closed}


handler = schedule_handler("close_expired_markets", _close)
