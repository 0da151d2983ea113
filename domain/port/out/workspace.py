"""A view that also takes changes, so that several decisions in a row become one set of writes."""

from collections.abc import Iterable
from typing import Any, cast

from domain.model.kernel.record import Key, key_of
from domain.port.out.store import Change, Insert, Remove, Replace, View

_ABSENT: Any = None


class Workspace:
    """What was read, with the changes of earlier decisions in it.

    Each decision sees what those before it have changed; :meth:`changes` has one write for each record, conditional on
    what was read at first.

    Args:
        view: what was read.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._now: dict[Key[Any], Any] = {}

    @property
    def is_in_doubt(self) -> bool:
        """Whether an earlier attempt of this transaction may have been committed."""
        return self._view.is_in_doubt

    def has_read(self, *keys: Key[Any]) -> bool:
        """Whether all of these keys are known."""
        return all(key in self._now or self._view.has_read(key) for key in keys)

    def get[R](self, key: Key[R]) -> R | None:
        """The record as the decisions so far leave it."""
        return cast("R | None", self._now[key]) if key in self._now else self._view.get(key)

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of a decision.

        Raises:
            ValueError: a change does not follow from what is here; a bug in the decision.
        """
        for change in changes:
            match change:
                case Insert(record):
                    self._put(key_of(record), expected=_ABSENT, record=record)
                case Replace(record, read):
                    self._put(key_of(record), expected=read, record=record)
                case Remove(read):
                    self._put(key_of(read), expected=read, record=_ABSENT)

    def _put(self, key: Key[Any], *, expected: object, record: object) -> None:
        known = self._now.get(key) if key in self._now or not self._view.has_read(key) else self._view.get(key)
        if known is not expected and known != expected:
            raise ValueError(f"the change of {key} does not follow from what was read")
        self._now[key] = record

    def changes(self) -> tuple[Change, ...]:
        """One write for each record that has changed, conditional on how it was read."""
        merged = [self._merged(key, now) for key, now in self._now.items()]
        return tuple(change for change in merged if change is not None)

    def _merged(self, key: Key[Any], now: object) -> Change | None:
        read = self._view.get(key) if self._view.has_read(key) else None
        if read is None:
            return None if now is None else Insert(now)
        if now is None:
            return Remove(read)
        return None if now is read else Replace(now, read)
