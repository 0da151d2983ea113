import os
import shlex
import subprocess
import sys
from dataclasses import replace

import pytest

from tests.simulation import campaign
from tests.simulation.__main__ import plan_of
from tests.simulation.auditor import ViolationError
from tests.simulation.campaign import FailedError, find_failure, run_all, shrink
from tests.simulation.faults import Fault, Plan
from tests.simulation.people import trader
from tests.simulation.simulation import Simulation
from tests.simulation.store import TABLES

SEEDS, BATCH = 300, 100  # `make simulate` runs as many as one likes
REGRESSIONS = (
    Plan(131),  # prices could not be read while the queue of rings could not be reached
    Plan(1158),  # a process died while it worked for a reader that had been cut off: a defect of the simulation itself
)
"""Plans that have failed once, each with what it found."""


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_no_seed_breaks_a_promise(first: int) -> None:
    """Whatever goes wrong, in whatever order: every promise of docs/guarantees.md holds at every snapshot."""
    figures = run_all(Plan(seed) for seed in range(first, first + BATCH))
    assert figures.seeds == BATCH
    assert figures.trades > 5 * BATCH
    assert figures.combined  # books were busy, and had leaders
    assert figures.withdrawn  # before anything was paid
    assert figures.laned > BATCH // 3  # a market in every third run
    never = {fault for fault in Fault if not figures.faults[fault]}
    assert never <= {Fault.LOST_STREAM}  # so rare that it misses some batches
    assert first or not never


@pytest.mark.parametrize("plan", REGRESSIONS, ids=Plan.command)
def test_what_was_found_once(plan: Plan) -> None:
    """A plan that found a defect finds nothing any more."""
    assert find_failure(plan) is None


def test_a_plan_makes_the_same_run_each_time() -> None:
    """The same plan leaves the same trace, in this process and in one whose sets are in another order."""
    plan = Plan(20261124)  # it has webhooks and readers, too
    trace = Simulation(plan).run().trace
    assert Simulation(plan).run().trace == trace
    assert Simulation(replace(plan, seed=20261125)).run().trace != trace
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [
        sys.executable,
        "-c",
        f"from tests.simulation.simulation import *; print(Simulation({plan}).run().trace)",
    ]
    other = subprocess.run(  # noqa: S603  (the words are this file's own)
        command, env=environment, capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == trace


def test_a_later_release_takes_over() -> None:
    """In the end every trader has a name, which only the later one knows, and every trader's account its form."""
    plan = next(plan for plan in map(Plan, range(7)) if plan.has_two_releases)
    run = Simulation(plan)
    run.run()
    for number in range(plan.traders):
        item = run._store.items[TABLES.core, f"A#{trader(number)}", "P"]
        assert item["schema"] == {"N": "2"}
        assert item["name"]["S"].startswith("name-")


def test_a_failure_says_how_to_replay_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What broke is told with a command, and the command line understands it as just that plan."""
    plan = Plan(7, traders=2, steps=5, markets=3, without=frozenset({Fault.SLOW, Fault.CONFLICT}))
    monkeypatch.setattr(campaign, "Simulation", _Broken)
    with pytest.raises(FailedError, match="no money is made or lost") as caught:
        run_all([plan])
    command = str(caught.value).splitlines()[-1].removeprefix("Replay it with: ")
    assert command.startswith("python -m tests.simulation --seed 7 ")
    assert plan_of(shlex.split(command)[3:]) == plan


def test_a_failing_plan_shrinks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is not needed for the failure is taken away, and nothing that is."""
    monkeypatch.setattr(campaign, "find_failure", _needs_two_traders_five_steps_and_a_crash)
    small = shrink(Plan(3))
    assert (small.traders, small.steps, small.markets) == (2, 5, 1)
    assert set(Fault) - small.without == {Fault.CRASH_AFTER}


class _Broken:
    def __init__(self, plan: Plan) -> None:
        pass

    def run(self) -> None:
        raise ViolationError("no money is made or lost: 1")


def _needs_two_traders_five_steps_and_a_crash(plan: Plan) -> Exception | None:
    needed = plan.traders >= 2 and plan.steps >= 5 and Fault.CRASH_AFTER not in plan.without
    return ViolationError("it crashed") if needed else None
