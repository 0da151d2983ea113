"""Where every record lies in DynamoDB: a module for each subdomain, for events, and for what this adapter alone keeps.

A module is loaded for the first of its records.
"""

import importlib
from collections.abc import Sequence
from typing import Any

from functions.adapter.out.dynamodb.layout.item import Layout

__all__ = ["layout_of", "layouts_of"]

_ELSEWHERE = {"market_events": "events", "kernel": "ledger", "out": "own"}
"""The modules that hold the layouts of events, of records that all share (commands), and of this adapter's own."""


_known: dict[type[Any], Layout[Any]] = {}


def layout_of[R](kind: type[R]) -> Layout[R]:
    """The layout of a record.

    Args:
        kind: its class.

    Raises:
        LookupError: it has none.
        ImportError: nor has any other record of its subdomain.
    """
    if kind not in _known:
        subdomain = kind.__module__.split(".")[2]
        _known.update({layout.kind: layout for layout in layouts_of(_ELSEWHERE.get(subdomain, subdomain))})
    return _known[kind]


def layouts_of(subdomain: str) -> Sequence[Layout[Any]]:
    """The layouts of a subdomain's records. The module is found by its name, as infra/bundles.py knows."""
    layouts: Sequence[Layout[Any]] = importlib.import_module(f"{__name__}.{subdomain}").LAYOUTS
    return layouts
