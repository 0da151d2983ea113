"""The ledger's stream, on Lambda: rings for the workers whom new records concern."""

from collections.abc import Sequence
from typing import Any

from domain.application.instance.dispatch_ledger import DispatchLedgerRequest
from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from functions.adapter.in_.lambda_.stream_handler import stream_handler
from functions.adapter.out.dynamodb.items import decode, is_lifecycle_item
from functions.config.dynamodb import ports
from functions.config.wiring.instance.dispatch_ledger import dispatch_ledger

_dispatch_ledger = dispatch_ledger(ports())


def _read(image: dict[str, Any]) -> JournalEntry | MarketChanged:
    return decode(MarketChanged, image) if is_lifecycle_item(image) else decode(JournalEntry, image)


async def _dispatch(records: Sequence[JournalEntry | MarketChanged]) -> None:
    await _dispatch_ledger.execute(DispatchLedgerRequest(records))


handler = stream_handler("dispatch_ledger", _read, _dispatch)
