"""The layouts of all records in DynamoDB; functions load those of their own records alone."""

import pkgutil
from collections.abc import Iterator
from typing import Any

from functions.adapter.out.dynamodb import layout
from functions.adapter.out.dynamodb.layout import layouts_of
from functions.adapter.out.dynamodb.layout.item import Layout


def every_layout() -> Iterator[Layout[Any]]:
    """Those of every subdomain."""
    for found in pkgutil.iter_modules(layout.__path__):
        if found.name != "item":
            yield from layouts_of(found.name)
