"""A Store over conditional writes: decide, commit, and decide again when others were faster."""

from collections.abc import Iterable
from typing import Any

from domain.model.kernel.errors import ContentionError, DomainError
from domain.model.kernel.record import Key
from domain.port.out.clock import Clock, Random
from domain.port.out.store import ATTEMPTS, Decide, Need, Outcome, RecordReader, Snapshot
from domain.port.out.unit_of_work import Committed, OutcomeUnknown, UnitOfWork

_BASE_SECONDS = 0.01
_CAP_SECONDS = 0.5
_BUDGET_SECONDS = 8.0
"""After that long nothing more is committed: a function has to answer before it is ended."""


class OptimisticStore:
    """Reads, decides and commits on the condition that nothing has changed in between.

    Args:
        records: where to read.
        unit_of_work: where to commit.
        clock: the time of decisions, and for waiting between attempts.
        random: for spreading the attempts of many out (full jitter).
    """

    def __init__(self, records: RecordReader, unit_of_work: UnitOfWork, clock: Clock, random: Random) -> None:
        self._records = records
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._random = random

    async def read(self, *keys: Key[Any]) -> Snapshot:
        """Find the records of these keys."""
        return await self._records.read(*keys)

    async def transact[A](self, keys: Iterable[Key[Any]], decide: Decide[A]) -> A:
        """Read and decide afresh until what is decided is committed.

        When a commit's outcome is not known, the next reading tells: a decision that finds its own record there
        answers from it. A refusal is not passed on from then on, since the commit in doubt may still arrive.

        Raises:
            DomainError: what ``decide`` refuses.
            ContentionError: ATTEMPTS commits met others, or time ran out, or the outcome is still in doubt.
        """
        wanted, is_in_doubt = tuple(dict.fromkeys(keys)), False
        give_up_at = self._clock.monotonic() + _BUDGET_SECONDS
        for attempt in range(ATTEMPTS):
            decided = await self._decide(wanted, decide, is_in_doubt=is_in_doubt)
            if not decided.changes:
                return decided.result
            if self._clock.monotonic() >= give_up_at:
                break
            outcome = await self._unit_of_work.commit(decided.changes)
            if isinstance(outcome, Committed):
                return decided.result
            is_in_doubt = is_in_doubt or isinstance(outcome, OutcomeUnknown)
            await self._back_off(attempt)
        if is_in_doubt:
            decided = await self._decide(wanted, decide, is_in_doubt=True)
            if not decided.changes:
                return decided.result
        raise ContentionError

    async def _decide[A](self, keys: tuple[Key[Any], ...], decide: Decide[A], *, is_in_doubt: bool) -> Outcome[A]:
        """Decide over one reading, and what the decision asks for after it."""
        found = dict((await self._records.read(*keys)).found)
        try:
            while isinstance(decision := decide(Snapshot(found, is_in_doubt), self._clock.now()), Need):
                missing = [key for key in decision.keys if key not in found]
                if not missing:
                    raise LookupError(f"a decision asks for what it has: {decision.keys}")
                found |= (await self._records.read(*missing)).found
        except DomainError as refusal:
            if is_in_doubt:
                raise ContentionError from refusal
            raise
        return decision

    async def _back_off(self, attempt: int) -> None:
        longest = min(_CAP_SECONDS, _BASE_SECONDS * 2 ** (attempt + 1))
        await self._clock.sleep(self._random.uniform(0, longest))
