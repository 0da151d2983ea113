"""Two releases of the code over one store, as a deploy has them for a while.

The later one knows one attribute more of accounts, their names, and stores them in form 2. It is the code as it is; the
earlier one is that code without the attribute. Which of them runs is a matter of the task: each process has its own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from enum import Enum
from typing import Any
from unittest.mock import patch

import msgspec

from domain.model.kernel import record
from domain.model.ledger.account import Account
from functions.adapter.out.dynamodb import layout
from functions.adapter.out.dynamodb.layout.item import Fields


class Release(Enum):
    """Which of the two."""

    EARLIER = 1
    LATER = 2


RUNNING: ContextVar[Release] = ContextVar("RUNNING", default=Release.LATER)
"""The release whose code the present task runs."""


class _ByRelease(dict[type[Any], Any]):
    """What is known of records, where one of the releases knows something else of accounts.

    Args:
        known: by the classes of records.
        release: the one that knows something else.
        account: what it knows.
    """

    def __init__(self, known: Mapping[type[Any], Any], release: Release, account: object) -> None:
        super().__init__(known)
        self._release, self._account = release, account

    def __getitem__(self, kind: type[Any]) -> Any:
        if kind is Account and RUNNING.get() is self._release:
            return self._account
        return super().__getitem__(kind)


@contextmanager
def two_releases() -> Iterator[None]:
    """There are two while the block lasts; outside of processes it is the later one."""
    types, layouts = record._TYPES, layout._known
    usual = layout.layout_of(Account)
    later_type = _ByRelease(types, Release.LATER, replace(record.type_of(Account), schema=2))
    earlier_layout = _ByRelease(layouts, Release.EARLIER, usual._replace(load=_without_name))
    with patch.object(record, "_TYPES", later_type), patch.object(layout, "_known", earlier_layout):
        yield
    types.update({kind: each for kind, each in later_type.items() if kind not in types})
    layouts.update({kind: each for kind, each in earlier_layout.items() if kind not in layouts})


def _without_name(fields: Fields) -> Account:
    """An account as the earlier release reads it. What it does not know is passed over, and lost if it writes."""
    return msgspec.convert({**fields, "name": None}, Account)
