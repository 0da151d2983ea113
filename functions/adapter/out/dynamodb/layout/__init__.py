"""Where every record lies in DynamoDB: one module for each subdomain."""

from collections.abc import Mapping
from typing import Any

from functions.adapter.out.dynamodb.layout import (
    admission,
    discussion,
    history,
    ledger,
    record,
    settlement,
    trading,
    webhooks,
)
from functions.adapter.out.dynamodb.layout.item import Layout

__all__ = ["LAYOUTS"]

LAYOUTS: Mapping[type[Any], Layout[Any]] = {
    layout.kind: layout
    for part in (ledger, trading, settlement, history, discussion, record, admission, webhooks)
    for layout in part.LAYOUTS
}
"""The layout of each record, by its class."""
