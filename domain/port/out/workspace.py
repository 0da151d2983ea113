"""A view that also takes changes, so that several decisions in a row become one set of writes."""

from collections.abc import Iterable
from typing import Any, cast

from domain.model.kernel.record import Key, key_of
from domain.port.out.store import Change, Insert, Remove, Replace, View


class Workspace:
    """What was read, with the changes of earlier decisions in it.

    Each decision sees what those before it have changed; :meth:`changes` has one write for each record, conditional on
    what was read at first.

    Args:
        view: what was read.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._read: dict[Key[Any], Any] = {}
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
        if key in self._now:
            return cast("R | None", self._now[key])
        if key not in self._read:
            self._read[key] = self._view.get(key)
        return cast("R | None", self._read[key])

    def apply(self, changes: Iterable[Change]) -> None:
        """Take over the changes of a decision, all or none: what others have decided must not be mixed with a part.

        Raises:
            ValueError: a change does not follow from what is here; a bug in the decision.
        """
        after: dict[Key[Any], Any] = {}
        for change in changes:
            key, read, record = _effect_of(change)
            known = after[key] if key in after else self._known(key, read)
            if known is not read and known != read:
                raise ValueError(f"the change of {key} does not follow from what was read")
            after[key] = record
        self._now |= after

    def _known(self, key: Key[Any], read: object) -> object:
        """The record as the decisions so far leave it.

        What nobody has looked for may be inserted, such as an entry under a new number: the write's own condition
        sees to it that there is none.
        """
        return self.get(key) if read is not None or key in self._now or key in self._read else None

    def changes(self) -> tuple[Change, ...]:
        """One write for each record that has changed, conditional on how it was read."""
        merged = [self._merged(key, now) for key, now in self._now.items()]
        return tuple(change for change in merged if change is not None)

    def _merged(self, key: Key[Any], now: object) -> Change | None:
        read = self._read.get(key)
        if read is None:
            return None if now is None else Insert(now)
        if now is None:
            return Remove(read)
        return None if now is read else Replace(now, read)


def _effect_of(change: Change) -> tuple[Key[Any], object, object]:
    """The key of a change, and the record under it before and after; None for none."""
    match change:
        case Insert(record):
            return key_of(record), None, record
        case Replace(record, read):
            return key_of(record), read, record
        case Remove(read):
            return key_of(read), read, None
