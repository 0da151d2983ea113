"""Where every record lies in SQLite: one module for each subdomain, found by being there."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

from functions.adapter.out.sqlite.layout.table import Table

__all__ = ["TABLES"]


def _tables() -> Iterator[Table[Any]]:
    """The tables of every module here that has some."""
    for found in pkgutil.iter_modules(__path__):
        yield from getattr(importlib.import_module(f"{__name__}.{found.name}"), "TABLES", ())


TABLES: Mapping[type[Any], Table[Any]] = {table.kind: table for table in _tables()}
"""The table of each record, by its class."""
