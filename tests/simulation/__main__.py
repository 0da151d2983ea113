"""Run many seeds of the simulation, or replay one: ``python -m tests.simulation --seeds 1000``, or ``--seed 7``."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import batched

from tests.simulation.campaign import FailedError, Figures, find_failure, run_all, shrink
from tests.simulation.faults import Fault, Plan
from tests.simulation.simulation import Simulation

_BATCH = 20


def main() -> int:
    """What the command line asks for; the code to exit with."""
    arguments = _parser().parse_args()
    plan = _plan(arguments)
    if arguments.seed is not None:
        return _replay(plan, is_shrunk=arguments.shrink)
    return _explore(plan, range(arguments.first, arguments.first + arguments.seeds))


def plan_of(words: Sequence[str]) -> Plan:
    """The plan that a command line names."""
    return _plan(_parser().parse_args(words))


def _plan(arguments: argparse.Namespace) -> Plan:
    without = frozenset(arguments.without)
    return Plan(arguments.seed or 0, arguments.traders, arguments.steps, arguments.markets, without)


def _parser() -> argparse.ArgumentParser:
    default = Plan(0)
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many to run")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--seed", type=int, help="replay this one, with every line of its trace")
    parser.add_argument("--shrink", action="store_true", help="make the replayed one smaller for as long as it fails")
    parser.add_argument("--traders", type=int, default=default.traders)
    parser.add_argument("--steps", type=int, default=default.steps)
    parser.add_argument("--markets", type=int, default=default.markets)
    parser.add_argument("--without", type=Fault, action="append", default=[], help="a fault that never happens")
    return parser


def _replay(plan: Plan, *, is_shrunk: bool) -> int:
    if is_shrunk and find_failure(plan):
        plan = shrink(plan)
        _say(f"The smallest that fails: {plan.command()}")
    simulation = Simulation(plan, keep_trace=True)
    try:
        report = simulation.run()
    finally:
        _say("\n".join(simulation.lines or ()))
    what = f"{report.trades} trades, {report.combined} together, {report.transactions} transactions"
    _say(f"{what}, {report.seconds:.1f} s; trace {report.trace}")
    return 0


def _explore(plan: Plan, seeds: range) -> int:
    begun, total = time.perf_counter(), Figures()
    batches = [tuple(replace(plan, seed=seed) for seed in batch) for batch in batched(seeds, _BATCH, strict=False)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        try:
            for figures in pool.map(run_all, batches):
                _merge(total, figures)
        except FailedError as failure:
            pool.shutdown(cancel_futures=True)
            _say(str(failure))
            _say(f"Shrunk: {shrink(failure.plan).command()}")
            return 1
    seconds = time.perf_counter() - begun
    for line in _table(total, seconds):
        _say(line)
    return 0


def _merge(total: Figures, figures: Figures) -> None:
    total.seeds += figures.seeds
    total.trades += figures.trades
    total.transactions += figures.transactions
    total.combined += figures.combined
    total.withdrawn += figures.withdrawn
    total.laned += figures.laned
    total.faults.update(figures.faults)


def _table(total: Figures, seconds: float) -> Iterator[str]:
    yield f"{total.seeds} seeds in {seconds:.1f} s ({total.seeds / seconds:.1f} a second): no promise broken"
    yield f"{total.trades} trades, {total.combined} of them together with others, {total.transactions} transactions;"
    yield f"{total.withdrawn} decisions withdrawn in their time for appeals;"
    yield f"{total.laned} pages settled in the lanes of crowds, by workers;"
    yield "things that went wrong:"
    for fault in Fault:
        yield f"  {fault:18} {total.faults[fault]:9}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
