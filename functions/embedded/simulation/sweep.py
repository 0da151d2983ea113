"""Every candidate liquidity in many markets, on all cores, and what they come to together."""

import math
import multiprocessing
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from functions.embedded.simulation.run import run_market
from functions.embedded.simulation.scenario import RunResult, Scenario

CANDIDATES = 14
_SMALLEST, _LARGEST = 1 / 400, 1 / 2
"""The candidates' range, as parts of all the credits that people bring."""
_CHUNK = 10
"""How many runs a process does before it reports."""
_TOLERANCE = 1.1
"""How far above the smallest error a cheaper liquidity may be to be advised."""
_SETTLED = 0.1
"""The part of the way from the first error to the last that is left when the prices count as settled."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a liquidity does.

    Args:
        liquidity: b, in credits.
        error: the distance of prices from the truth in the last quarter of the market's life, on average.
        error_range: twice the standard error of that average.
        best: the distance for somebody who knows all that the people know together.
        typical_loss: what the creator loses on average.
        worst_loss: what the creator lost in the worst run.
        bound: what the creator can lose at most: the subsidy b ln n.
        volume: credits paid and received, on average.
        settled_after: the part of the market's life after which the prices have done nine tenths of their way from the
            first error to the last; None where the error does not fall.
    """

    liquidity: float
    error: float
    error_range: float
    best: float
    typical_loss: float
    worst_loss: float
    bound: float
    volume: float
    settled_after: float | None


class _Task(NamedTuple):
    candidate: int
    scenario: Scenario
    liquidity: float
    seeds: tuple[str, ...]


def candidates(scenario: Scenario) -> list[float]:
    """The liquidities that are tried: two significant digits each, all between 1 and a million."""
    total = scenario.people * scenario.budget
    ratio = (_LARGEST / _SMALLEST) ** (1 / (CANDIDATES - 1))
    tried = (total * _SMALLEST * ratio**step for step in range(CANDIDATES))
    return sorted({min(1_000_000.0, max(1.0, float(f"{liquidity:.2g}"))) for liquidity in tried})


def sweep(
    scenario: Scenario, seed: int, runs: int, processes: int, watch: Callable[[int], object] = lambda _: None
) -> list[Summary]:
    """Run every candidate.

    Args:
        scenario: who trades.
        seed: what all chance comes from; the same gives the same summaries, on any number of processes.
        runs: how many markets each candidate has.
        processes: how many run at once.
        watch: is told of every number of runs that are done.
    """
    tried = candidates(scenario)
    seeds = [f"{seed}/{number}" for number in range(runs)]
    chunks = [tuple(seeds[start : start + _CHUNK]) for start in range(0, runs, _CHUNK)]
    tasks = [_Task(number, scenario, b, chunk) for chunk in chunks for number, b in enumerate(tried)]
    results: list[list[RunResult]] = [[] for _ in tried]
    for task, done in zip(tasks, _run_all(tasks, processes), strict=True):
        results[task.candidate] += done
        watch(len(done))
    return [summarize(scenario, b, done) for b, done in zip(tried, results, strict=True)]


def summarize(scenario: Scenario, liquidity: float, results: Sequence[RunResult]) -> Summary:
    """What the runs of one candidate come to."""
    curve = [math.fsum(errors) / len(results) for errors in zip(*(run.errors for run in results), strict=True)]
    last = [statistics.fmean(run.errors[-max(1, len(run.errors) // 4) :]) for run in results]
    return Summary(
        liquidity,
        statistics.fmean(last),
        2 * statistics.stdev(last) / math.sqrt(len(last)),
        statistics.fmean(run.best for run in results),
        statistics.fmean(run.loss for run in results),
        max(run.loss for run in results),
        liquidity * math.log(scenario.outcomes),
        statistics.fmean(run.volume for run in results),
        _settled_after(statistics.fmean(run.opening for run in results), curve, statistics.fmean(last)),
    )


def advised(summaries: Sequence[Summary]) -> Summary:
    """The smallest liquidity, and so the cheapest, whose error is within a tenth of the smallest error."""
    acceptable = min(summary.error for summary in summaries) * _TOLERANCE
    return next(summary for summary in summaries if summary.error <= acceptable)


def advice(scenario: Scenario, summary: Summary) -> str:
    """The advice in one sentence."""
    return (
        f"For {scenario.people} people and {scenario.budget:g} credits of budget: liquidity {summary.liquidity:g}, "
        f"a subsidy of {summary.bound:.0f} credits of which {max(0.0, summary.typical_loss):.0f} are typically lost, "
        f"with prices about {100 * summary.error:.0f} points from the truth."
    )


def _run_all(tasks: Sequence[_Task], processes: int) -> Iterator[list[RunResult]]:
    """The results in the order of the tasks."""
    if processes == 1:
        yield from map(_run, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_run, tasks)


def _run(task: _Task) -> list[RunResult]:
    return [run_market(task.scenario, task.liquidity, seed) for seed in task.seeds]


def _settled_after(first: float, curve: Sequence[float], last: float) -> float | None:
    if last >= first:
        return None
    enough = last + _SETTLED * (first - last)
    return next(number / len(curve) for number, error in enumerate(curve, 1) if error <= enough)
