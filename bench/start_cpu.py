"""The processor time that functions take to start, beside a bare boto3 client: what does not depend on other work.

Run as ``python -m bench.start_cpu [--rounds 11] [function ...]`` after ``make bundles``; by default for
``place_order``, ``get_market`` and ``get_health``. A start is a fresh interpreter that imports the handler from the
built bundle and ends at once: user and system time of that process, its own end left out. The peer imports boto3
and makes a client, over the same packages. Every round starts the peer and then each function; a ratio is taken in
each round, and every figure is the median over the rounds. The first round warms the file cache and is not counted.
"""

import argparse
import resource
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.cold_start import ARCHITECTURE, FOLDER, PEER, VARIABLES, peer
from functions.registry import FUNCTION_OF
from tests.fakes.lambda_environment import unpacked

_DEFAULT = ("place_order", "get_market", "get_health")
_PROGRAM = (
    "import importlib, os, sys; sys.path.insert(0, sys.argv[1]); importlib.import_module(sys.argv[2]); os._exit(0)"
)
_ENVIRONMENT = {**VARIABLES, "AWS_LAMBDA_FUNCTION_NAME": "function", "AWS_DEFAULT_REGION": "eu-west-1"}


def cpu_milliseconds(task: Path, module: str) -> float:
    """User and system time of a process that imports a module from a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = (sys.executable, "-I", "-S", "-c", _PROGRAM, str(task), module)
    subprocess.run(command, check=True, env=_ENVIRONMENT)  # noqa: S603 - all of its words are ours
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def measure(starts: Mapping[str, tuple[Path, str]], rounds: int) -> Mapping[str, list[float]]:
    """The milliseconds of each start in each round, by its name."""
    taken: dict[str, list[float]] = {name: [] for name in starts}
    for number in range(rounds + 1):
        for name, (task, module) in starts.items():
            milliseconds = cpu_milliseconds(task, module)
            if number:
                taken[name].append(milliseconds)
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.start_cpu")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("functions", nargs="*", default=_DEFAULT)
    asked = parser.parse_args()
    with ExitStack() as stack:
        profiles = {FUNCTION_OF[name].profile.value for name in asked.functions} | {"event"}
        tasks = {name: stack.enter_context(unpacked(FOLDER / f"{name}-{ARCHITECTURE}.zip")) for name in profiles}
        starts = {PEER: (stack.enter_context(peer(tasks["event"])), "bare")}
        for name in asked.functions:
            function = FUNCTION_OF[name]
            starts[name] = (tasks[function.profile.value], function.module("handler"))
        taken = measure(starts, asked.rounds)
    for name, times in taken.items():
        ratio = median(own / peers for own, peers in zip(times, taken[PEER], strict=True))
        sys.stdout.write(f"{name:18} {median(times):5.0f} ms   × {ratio:.2f}\n")


if __name__ == "__main__":
    main()
