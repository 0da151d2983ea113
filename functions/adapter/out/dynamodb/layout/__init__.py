"""Where every record lies in DynamoDB: one module for each subdomain, loaded for the first of its records."""

from collections.abc import Sequence
from typing import Any

from functions.adapter.out.dynamodb.layout.item import Layout

__all__ = ["SUBDOMAINS", "layout_of", "layouts_of"]

SUBDOMAINS = (
    "admission",
    "discussion",
    "history",
    "ledger",
    "metaculus",
    "record",
    "settlement",
    "trading",
    "webhooks",
)
_ELSEWHERE = {"market_events": "trading", "kernel": "ledger", "out": "trading"}
"""The subdomains that hold the layouts of events, of records that all share (commands), and of the mailboxes."""


_known: dict[type[Any], Layout[Any]] = {}


def layout_of[R](kind: type[R]) -> Layout[R]:
    """The layout of a record.

    Args:
        kind: its class.

    Raises:
        KeyError: it has none.
    """
    if kind not in _known:
        subdomain = kind.__module__.split(".")[2]
        _known.update({layout.kind: layout for layout in layouts_of(_ELSEWHERE.get(subdomain, subdomain))})
    return _known[kind]


def layouts_of(subdomain: str) -> Sequence[Layout[Any]]:
    """The layouts of a subdomain's records. Each import is written out, so that whatever looks for them finds it."""
    found: Sequence[Layout[Any]]
    match subdomain:
        case "admission":
            from functions.adapter.out.dynamodb.layout import admission

            found = admission.LAYOUTS
        case "discussion":
            from functions.adapter.out.dynamodb.layout import discussion

            found = discussion.LAYOUTS
        case "history":
            from functions.adapter.out.dynamodb.layout import history

            found = history.LAYOUTS
        case "ledger":
            from functions.adapter.out.dynamodb.layout import ledger

            found = ledger.LAYOUTS
        case "metaculus":
            from functions.adapter.out.dynamodb.layout import metaculus

            found = metaculus.LAYOUTS
        case "record":
            from functions.adapter.out.dynamodb.layout import record

            found = record.LAYOUTS
        case "settlement":
            from functions.adapter.out.dynamodb.layout import settlement

            found = settlement.LAYOUTS
        case "trading":
            from functions.adapter.out.dynamodb.layout import trading

            found = trading.LAYOUTS
        case "webhooks":
            from functions.adapter.out.dynamodb.layout import webhooks

            found = webhooks.LAYOUTS
        case _:
            found = ()
    return found
