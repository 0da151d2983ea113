"""Repairs: what is stored otherwise than the ledger says, in words, and the changes that end it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from domain.model.kernel.money import Money
from domain.model.kernel.notation import format_micros, format_time
from domain.model.record.result import Result
from domain.model.record.track_record import TrackRecord
from domain.model.trading.market import Market
from domain.port.out.store import Change, Insert, Remove, Replace

MOST_WRITES = 100
_WRITES = {Result: 2, TrackRecord: 7, Market: 24}
"""What a record counts in a transaction where it counts more than one; see :class:`UnitOfWork`."""
_IN_SHARES = frozenset({"quantities"})
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Difference:
    """One record that is stored otherwise.

    Args:
        finding: what is wrong, in plain words.
        change: what makes it right.
    """

    finding: str
    change: Change


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that are made together, or not at all.

    Args:
        subject: the market, or the account, that they belong to.
        findings: what was wrong, in plain words.
        changes: at most as many as fit into one transaction.
    """

    subject: str
    findings: tuple[str, ...]
    changes: tuple[Change, ...]


def compare[R](what: str, stored: R | None, expected: R | None, kept: Sequence[str] = ()) -> Iterator[Difference]:
    """What is different about a record, if anything.

    Args:
        what: the record, in words.
        stored: as it is; None where it is missing.
        expected: as the ledger says; None where it should not be there.
        kept: attributes of which the ledger says nothing. A ``version`` among them counts the record's changes.
    """
    if stored is None:
        if expected is not None:
            yield Difference(f"{what} is missing", Insert(expected))
    elif expected is None:
        yield Difference(f"{what} is not in the ledger", Remove(stored))
    else:
        yield from _compare_fields(what, stored, expected, kept)


def split(subject: str, differences: Iterable[Difference]) -> Iterator[Repair]:
    """Repairs of differences that do not depend on one another, each as large as fits into a transaction."""
    some, writes = list[Difference](), 0
    for difference in differences:
        weight = weight_of(difference.change)
        if writes + weight > MOST_WRITES:
            yield _repair(subject, some)
            some, writes = [], 0
        some.append(difference)
        writes += weight
    if some:
        yield _repair(subject, some)


def weight_of(change: Change) -> int:
    """How many writes a change counts in a transaction, at the most."""
    return _WRITES.get(type(change.read if isinstance(change, Remove) else change.record), 1)


def _repair(subject: str, differences: Sequence[Difference]) -> Repair:
    return Repair(subject, tuple(each.finding for each in differences), tuple(each.change for each in differences))


def _compare_fields(what: str, stored: Any, expected: Any, kept: Sequence[str]) -> Iterator[Difference]:  # noqa: ANN401 - any record
    expected = replace(expected, **{name: getattr(stored, name) for name in kept})
    if expected == stored:
        return
    names = [each.name for each in fields(stored) if getattr(stored, each.name) != getattr(expected, each.name)]
    said = (f"{name} {_show(name, getattr(stored, name))} → {_show(name, getattr(expected, name))}" for name in names)
    if "version" in kept:
        expected = replace(expected, version=stored.version + 1)
    yield Difference(f"{what}: {', '.join(said)}", Replace(expected, read=stored))


def _show(name: str, value: object) -> str:
    match value:
        case Money():
            shown = format_micros(value.amount)
        case datetime():
            shown = format_time(value)
        case Enum():
            shown = str(value.value)
        case tuple():
            shown = f"({', '.join(_show(name, each) for each in value)})"
        case int() if name in _IN_SHARES:
            shown = format_micros(value)
        case str() if len(value) > _LONGEST:
            shown = f"{value[:_LONGEST]}…"
        case _:
            shown = "none" if value is None else str(value)
    return shown
