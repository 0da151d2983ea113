"""Where every record lies in SQLite: one module for each subdomain."""

from collections.abc import Mapping
from typing import Any

from functions.adapter.out.sqlite.layout import (
    admission,
    discussion,
    history,
    ledger,
    metaculus,
    record,
    settlement,
    trading,
    webhooks,
)
from functions.adapter.out.sqlite.layout.table import Table

__all__ = ["TABLES"]

TABLES: Mapping[type[Any], Table[Any]] = {
    table.kind: table
    for part in (ledger, trading, settlement, history, discussion, record, admission, webhooks, metaculus)
    for table in part.TABLES
}
"""The table of each record, by its class."""
