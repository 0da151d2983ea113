"""Many runs: count them, and make a failing one as small as it gets."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.simulation.faults import Fault, Plan
from tests.simulation.simulation import Report, Simulation


@dataclass
class Figures:
    """What many runs were, added up."""

    seeds: int = 0
    trades: int = 0
    transactions: int = 0
    combined: int = 0
    withdrawn: int = 0
    laned: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)

    def add(self, report: Report) -> None:
        """Count one more run."""
        self.seeds += 1
        self.trades += report.trades
        self.transactions += report.transactions
        self.combined += report.combined
        self.withdrawn += report.withdrawn
        self.laned += report.laned
        self.faults.update(report.faults)


class FailedError(AssertionError):
    """A run broke a promise.

    Args:
        plan: the run.
        cause: what it broke.
    """

    def __init__(self, plan: Plan, cause: BaseException) -> None:
        super().__init__(f"{cause}\nReplay it with: {plan.command()}")
        self.plan = plan
        self.cause = cause

    def __reduce__(self) -> tuple[type["FailedError"], tuple[Plan, BaseException]]:
        """Pass from process to process, with a cause that can."""
        return FailedError, (self.plan, AssertionError(str(self.cause)))


def run_all(plans: Iterable[Plan]) -> Figures:
    """Run every plan.

    Raises:
        FailedError: one of them broke a promise; it tells how to replay it.
    """
    figures = Figures()
    with undisturbed():
        for plan in plans:
            if failure := find_failure(plan, figures):
                raise FailedError(plan, failure) from failure
            gc.collect()
    return figures


def find_failure(plan: Plan, figures: Figures | None = None) -> Exception | None:
    """What goes wrong in a run; None when nothing does."""
    try:
        report = Simulation(plan).run()
    except Exception as failure:  # noqa: BLE001  (whatever it is, it is the result)
        return failure
    if figures:
        figures.add(report)
    return None


def shrink(plan: Plan) -> Plan:
    """The smallest plan that can be found that still fails, taking away a little at a time."""
    while smaller := next((other for other in plan.smaller() if find_failure(other)), None):
        plan = smaller
    return plan


@contextmanager
def undisturbed() -> Iterator[None]:
    """No garbage collection but between runs: a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
