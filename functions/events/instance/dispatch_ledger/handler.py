"""The ledger's stream, on Lambda: rings for the workers whom a new record concerns."""

from typing import Any

from domain.application.instance.dispatch_ledger import DispatchLedgerRequest
from domain.event.market_events import MarketChanged
from domain.model.ledger.journal import JournalEntry
from functions.adapter.in_.lambda_.event_handler import stream_handler
from functions.adapter.out.dynamodb.items import decode, is_lifecycle_item
from functions.config.dynamodb import container

_dispatch_ledger = container().dispatch_ledger


async def _dispatch(image: dict[str, Any]) -> None:
    record = decode(MarketChanged, image) if is_lifecycle_item(image) else decode(JournalEntry, image)
    await _dispatch_ledger.execute(DispatchLedgerRequest([record]))


handler = stream_handler("dispatch_ledger", _dispatch)
