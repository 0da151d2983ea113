"""One hot market: how many orders a real ``hunch serve`` takes from many traders, and what one costs its processor.

Run as ``python -m bench.hot_market [--vs HUNCH] [--rounds 5] [--seconds 4] [--traders 64]``. With ``--vs``, the path of
another installation's ``hunch``, each round measures this one and the other, one after the other, so that whatever
else the machine does meets both; a ratio is taken in each round, and every figure is the median over the rounds.
``bench.orders`` says how it is measured.
"""

import argparse
import os
from functools import partial
from operator import attrgetter

from bench.connection import HUNCH
from bench.figures import LAST_RELEASE, OURS, Subject, of_turns, processors, rows, say, take_turns
from bench.orders import Measured, Scenario, measure


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.hot_market")
    parser.add_argument("--vs", metavar="HUNCH")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--traders", type=int, default=64)
    asked = parser.parse_args()
    say(f"{processors()} processors, load {os.getloadavg()[0]:.1f} before the start; {asked.rounds} rounds of")
    say(f"{asked.seconds:.0f} s, {asked.traders} traders on one market; medians\n")
    scenario = Scenario(asked.traders, 1)
    installations = {OURS: HUNCH, **({LAST_RELEASE: asked.vs} if asked.vs else {})}
    servers = {name: partial(measure, scenario, asked.seconds, hunch) for name, hunch in installations.items()}
    done = take_turns(asked.rounds, servers)
    metrics = zip(Measured._fields, ("a second", "ms", "ms", "ms"), strict=True)
    found = [
        figure
        for name, unit in metrics
        for figure in of_turns(Subject("hot_market", str(scenario), name, unit), done, attrgetter(name))
    ]
    for line in rows(found):
        say(line)


if __name__ == "__main__":
    main()
