"""The records of one market, or of one account, out of the streams of all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from domain.port.out.reconciliation import StoredRecords


@dataclass(frozen=True, slots=True)
class Group:
    """Everything stored of one market or account.

    Args:
        name: its slug or id.
        records: by their class.
    """

    name: str
    records: Mapping[type[Any], list[Any]]

    def many[R](self, kind: type[R]) -> list[R]:
        """All records of a kind."""
        return self.records.get(kind, [])

    def one[R](self, kind: type[R]) -> R | None:
        """The record of a kind of which there is at most one."""
        found: list[R] = self.many(kind)
        return found[0] if found else None


def group_records(stored: StoredRecords, kinds: Mapping[type[Any], str]) -> Iterator[Group]:
    """Group all records of some kinds, one group at a time, so that only one is in memory.

    Args:
        stored: where they are.
        kinds: the classes, each with the attribute that names the group.
    """
    streams = [_named(stored, kind, by) for kind, by in kinds.items()]
    for name, members in groupby(merge(*streams, key=itemgetter(0)), key=itemgetter(0)):
        records: dict[type[Any], list[Any]] = {}
        for _, record in members:
            records.setdefault(type(record), []).append(record)
        yield Group(name, records)


def _named(stored: StoredRecords, kind: type[Any], by: str) -> Iterator[tuple[str, Any]]:
    return ((getattr(record, by), record) for record in stored.every(kind, by))
