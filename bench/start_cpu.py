"""The processor time that functions take to start, beside a bare boto3 client: what does not depend on other work.

Run as ``python -m bench.start_cpu [--rounds 11] [function ...]`` after ``make bundles``; by default for
``place_order``, ``get_market`` and ``get_health``. A start is a fresh interpreter that imports the handler from the
built bundle and ends at once: user and system time of that process, its own end left out. The peer imports boto3
and makes a client, over the same packages. So does the ordinary way beside it, which then makes one FastAPI application
for four operations behind Mangum (``bench/ordinary.py``) over the same use cases and store. Every round starts the
peers and then each function; a ratio is taken in each round, and every figure is the median over the rounds. The first
round warms the file cache and is not counted.
"""

import argparse
import compileall
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from py_compile import PycInvalidationMode

from bench.cold_start import ARCHITECTURE, FOLDER, PEER, VARIABLES, add_packages, peer
from bench.figures import Figure, Subject, of_turns, rows, say, take_turns
from functions.registry import FUNCTION_OF
from tests.fakes.lambda_environment import unpacked

ORDINARY = "FastAPI + Mangum, one application"
_ORDINARY_HANDLER = """\
import os
import boto3
from bench.ordinary import Operations, create_handler
from functions.adapter.out.dynamodb.tables import Tables
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.dynamodb import dynamodb_persistence
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.wiring.ledger.get_account import get_account
from functions.config.wiring.trading.get_market import get_market
from functions.config.wiring.trading.list_trades import list_trades
from functions.config.wiring.trading.place_order import place_order

tables = Tables(core=os.environ["CORE_TABLE"], ledger=os.environ["LEDGER_TABLE"])
clock, random = SystemClock(), SystemRandom()
persistence = dynamodb_persistence(boto3.client("dynamodb"), tables, clock, random)
ports = Ports(persistence, clock, random, Settings())
handler = create_handler(Operations(place_order(ports), get_market(ports), get_account(ports), list_trades(ports)))
"""
_OF_FASTAPI = ("annotated_doc", "anyio", "fastapi", "idna", "opentelemetry", "starlette")
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


def figures(rounds: int, functions: Sequence[str] = _DEFAULT) -> Iterator[Figure]:
    """Each function's start beside a bare client's and the ordinary application's."""
    with ExitStack() as stack:
        profiles = {FUNCTION_OF[name].profile.value for name in functions} | {"api", "event"}
        tasks = {name: stack.enter_context(unpacked(FOLDER / f"{name}-{ARCHITECTURE}.zip")) for name in profiles}
        starts = {PEER: (stack.enter_context(peer(tasks["event"])), "bare")}
        starts[ORDINARY] = (_ordinary(stack.enter_context(peer(tasks["api"])), tasks["api"]), "ordinary")
        for name in functions:
            function = FUNCTION_OF[name]
            starts[name] = (tasks[function.profile.value], function.module("handler"))
        turns = {name: partial(cpu_milliseconds, *start) for name, start in starts.items()}
        take_turns(1, turns)
        taken = take_turns(rounds, turns)
    yield from _figures(taken)


def _figures(taken: Mapping[str, Sequence[float]]) -> Iterator[Figure]:
    for name in (name for name in taken if name not in {PEER, ORDINARY}):
        done = {each: taken[each] for each in (name, PEER, ORDINARY)}
        yield from of_turns(Subject("start_cpu", name, "processor time of a start", "ms"), done, float)


def _ordinary(folder: Path, task: Path) -> Path:
    """Add FastAPI, our code and the ordinary application to a folder of packages with boto3."""
    add_packages(folder, *_OF_FASTAPI)
    for name in ("domain", "functions"):
        (folder / name).symlink_to(task / name)
    (folder / "bench").mkdir()
    shutil.copy("bench/ordinary.py", folder / "bench")
    (folder / "ordinary.py").write_text(_ORDINARY_HANDLER)
    compileall.compile_dir(folder / "bench", quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return folder


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.start_cpu")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("functions", nargs="*", default=_DEFAULT)
    asked = parser.parse_args()
    for line in rows(figures(asked.rounds, asked.functions)):
        say(line)


if __name__ == "__main__":
    main()
