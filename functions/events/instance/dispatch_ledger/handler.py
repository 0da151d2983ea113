"""The ledger's stream, on Lambda: rings for the workers whom new records concern, and publishes hints for pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.application.instance.dispatch_ledger import DispatchLedgerRequest
from domain.application.instance.hint_markets import HintMarketsRequest
from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from functions.adapter.in_.lambda_.stream_handler import stream_handler
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.events import is_lifecycle_item
from functions.config.dynamodb import ports
from functions.config.hints import hint_markets
from functions.config.wiring.instance.dispatch_ledger import dispatch_ledger

_dispatch_ledger = dispatch_ledger(ports())
_hint_markets = hint_markets()


def _read(image: dict[str, Any]) -> JournalEntry | MarketChanged:
    return decode(MarketChanged, image) if is_lifecycle_item(image) else decode(JournalEntry, image)


async def _dispatch(records: Sequence[JournalEntry | MarketChanged]) -> None:
    await _dispatch_ledger.execute(DispatchLedgerRequest(records))


async def _hint(records: Sequence[JournalEntry | MarketChanged]) -> Mapping[str, int]:
    if _hint_markets is None:
        return {}
    result = await _hint_markets.execute(HintMarketsRequest(records))
    return {"hints": result.published, "hints-lost": result.lost}


handler = stream_handler("dispatch_ledger", _read, _dispatch, _hint)
