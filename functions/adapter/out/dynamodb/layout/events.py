"""Lifecycle records as items."""

from decimal import Decimal

from domain.event.market_events import MarketChanged
from functions.adapter.out.dynamodb.layout.item import Fields, Item, ItemKey, Layout
from functions.adapter.out.dynamodb.tables import SORT

LIFECYCLE_PREFIX = "V#"
_FRACTION = 9
"""The digits behind the point that tell changes after the same trade apart."""


def is_lifecycle_item(item: Item) -> bool:
    """Whether an item of the ledger table is a lifecycle record; the others are journal entries."""
    return bool(item[SORT]["S"].startswith(LIFECYCLE_PREFIX))


def _event_index(change: MarketChanged) -> Fields:
    """Among the trades of its market, in the order of their events: after the trade of its version, by revision."""
    if change.type is None:
        return {}
    return {"trades_of": change.market, "trade_version": change.version + Decimal(change.revision).scaleb(-_FRACTION)}


LAYOUTS = (
    Layout(
        MarketChanged,
        lambda market, revision: ItemKey(f"M#{market}", f"{LIFECYCLE_PREFIX}{revision:019d}"),
        _event_index,
    ),
)
