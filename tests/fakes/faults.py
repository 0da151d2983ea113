"""Adapters that fail, lose answers, trail behind, or let others act in the worst moment."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from enum import Enum

from domain.model.trading.position import Position
from domain.port.out.paging import Page
from domain.port.out.store import Change
from domain.port.out.trading import Holdings, PositionRepository
from domain.port.out.unit_of_work import CommitOutcome, ConditionFailed, OutcomeUnknown, UnitOfWork

_AFTER_LINGERING = "after those who linger"

type Hook = Callable[[], Awaitable[object]]


class Fault(Enum):
    """What happens to one commit."""

    NONE = "it goes through"
    CONDITION_FAILED = "it meets another transaction"
    ANSWER_LOST = "it is written, and nobody learns of it"
    REQUEST_LOST = "it is not written, and nobody learns of it"
    KILLED_BEFORE = "the process dies before it is written"
    KILLED_AFTER = "the process dies after it is written"


class KilledError(Exception):
    """The process that was here is gone."""


class FaultyUnitOfWork:
    """A unit of work over another one, to which things happen.

    Args:
        inner: where the writes go.
        faults: what happens to the first commits, in order; the others go through.
        interruptions: what others do just before each of the first commits, in order.
        busy: whether a commit always meets other transactions.
    """

    def __init__(
        self,
        inner: UnitOfWork,
        faults: Iterable[Fault] = (),
        interruptions: Iterable[Hook | None] = (),
        busy: Callable[[Sequence[Change]], bool] = lambda writes: False,
    ) -> None:
        self._inner = inner
        self._faults = iter(faults)
        self._interruptions = iter(interruptions)
        self._busy = busy
        self.commits: list[Sequence[Change]] = []

    async def commit(self, writes: Sequence[Change]) -> CommitOutcome:
        self.commits.append(writes)
        if interruption := next(self._interruptions, None):
            await interruption()
        fault = next(self._faults, Fault.NONE)
        if fault is Fault.KILLED_BEFORE:
            raise KilledError
        if fault is Fault.REQUEST_LOST:
            return OutcomeUnknown()
        if fault is Fault.CONDITION_FAILED or self._busy(writes):
            return ConditionFailed(tuple(writes))
        outcome = await self._inner.commit(writes)
        if fault is Fault.KILLED_AFTER:
            raise KilledError
        return OutcomeUnknown() if fault is Fault.ANSWER_LOST else outcome


class TrailingPositions:
    """Positions whose list of holders is not up to date.

    Args:
        inner: the positions as they are.
        forgotten: accounts that are not listed yet.
        lingering: accounts, by shard, that are listed on a first page whether or not they still hold anything.
    """

    def __init__(
        self,
        inner: PositionRepository,
        forgotten: Iterable[str] = (),
        lingering: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        self._inner = inner
        self._forgotten = set(forgotten)
        self._lingering = lingering or {}

    async def find_by_account(self, account: str) -> Holdings | None:
        return await self._inner.find_by_account(account)

    async def find_largest(self, slug: str, outcome: int, limit: int) -> Sequence[Position]:
        return await self._inner.find_largest(slug, outcome, limit)

    async def find_holders(self, slug: str, shard: int, limit: int, after: str | None = None) -> Page[str]:
        lingering = self._lingering.get(shard, ()) if after is None else ()
        if lingering:
            return Page(self._listed(lingering[:limit]), _AFTER_LINGERING)
        page = await self._inner.find_holders(slug, shard, limit, None if after == _AFTER_LINGERING else after)
        return Page(self._listed(page.items), page.cursor)

    def _listed(self, accounts: Sequence[str]) -> tuple[str, ...]:
        return tuple(account for account in accounts if account not in self._forgotten)
