"""Conditional writes, all or none: what an optimistic store is built on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.port.out.store import Change


@dataclass(frozen=True, slots=True)
class Committed:
    """Every change was written, durably."""


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """Nothing was written: these changes did not find what they expect, or met another transaction."""

    writes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """All changes were written or none, and it is not known which: the answer was lost."""


type CommitOutcome = Committed | ConditionFailed | OutcomeUnknown


class UnitOfWork(Protocol):
    """Writes records, all or none."""

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        """Do up to 100 conditional writes as one durable transaction.

        A market being published counts once more a tag, a result twice, and a track record up to seven times.

        The three outcomes are all there is: a failure that leaves no doubt that nothing was written and that is not
        about conditions (a full disk, a missing permission) is raised as the adapter's own exception.
        """
        ...
