"""Every benchmark beside its peers, in one run: tables, ``bench/results.json``, charts and docs/performance.md.

Run as ``python -m bench [--vs HUNCH] [--short] [name ...]``, or ``make bench [VS=HUNCH]``, which prepares what it
needs: bundles, and the library for charts. ``--vs`` is another installation's ``hunch``, such as the last release's.
Tables go to standard output, progress beside it. A run of some benchmarks by their names, or a ``--short`` one, which
only shows that they run, writes nothing.
"""

import argparse
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bench import age, load, orders, readers, start_cpu, units, warm
from bench.contention.__main__ import figures as contention
from bench.document import renew
from bench.figures import RESULTS, Figure, Results, dump, machine, processors, progress, rows, say
from bench.settlement.__main__ import figures as settlement

type Measure = Callable[[], Iterable[Figure]]

_LIBRARIES = ("fastapi", "starlette", "pydantic", "mangum", "aws-lambda-powertools", "uvicorn", "botocore", "msgspec")


def suite(vs: str | None) -> Mapping[str, Measure]:
    """What is measured, by its name, in its order."""
    return {
        "orders": partial(orders.figures, 3, 2.0, vs),
        "load": partial(load.figures, 2, 10.0, vs),
        "readers": partial(readers.figures, 15.0),
        "warm": warm.figures,
        "start_cpu": partial(start_cpu.figures, 7),
        "contention": partial(contention, (30.0, 100.0, 210.0)),
        "settlement": settlement,
        "age": partial(age.figures, 2100, 100),
        "units": partial(units.figures, 1100),
    }


def short_suite(vs: str | None) -> Mapping[str, Measure]:
    """The same, as short as it can be."""
    return {
        "orders": partial(orders.figures, 1, 1.0, vs),
        "load": partial(load.figures, 1, 2.0, vs),
        "readers": partial(readers.figures, 3.0, 20, 20.0),
        "warm": partial(warm.figures, 1, 5),
        "start_cpu": partial(start_cpu.figures, 1),
        "contention": partial(contention, (10.0,)),
        "settlement": partial(settlement, (500,), (500,), 1),
        "age": partial(age.figures, 300, 5),
        "units": partial(units.figures, 200),
    }


def run(measures: Mapping[str, Measure]) -> Results:
    """Measure, and print each benchmark's table as soon as it is there."""
    began, date, load_before = time.monotonic(), datetime.now(UTC), os.getloadavg()[0]
    found: list[Figure] = []
    for name, measure in measures.items():
        progress(f"{name}, after {time.monotonic() - began:.0f} s")
        figures = list(measure())
        found += figures
        say("\n".join([f"\n{name}\n", *rows(figures)]))
    loads = (round(load_before, 1), round(os.getloadavg()[0], 1))
    seconds = round(time.monotonic() - began, 1)
    when = date.strftime("%Y-%m-%dT%H:%MZ")
    return Results(when, machine(), processors(), loads, seconds, _commit(), _versions(), tuple(found))


def _commit() -> str:
    """The commit that was measured, with a plus where files differ from it."""
    git = shutil.which("git")
    if git is None or not Path(".git").exists():
        return "unknown"

    def ask(*words: str) -> str:
        return subprocess.run([git, *words], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our words

    return ask("rev-parse", "--short=12", "HEAD") + "+" * bool(ask("status", "--porcelain", "--untracked-files=no"))


def _versions() -> Mapping[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


def write(results: Results) -> None:
    """Write the results, the charts, and the tables of the document."""
    from bench.charts import draw  # noqa: PLC0415 - only whoever draws needs the library

    RESULTS.write_text(dump(results))
    draw(results, Path("docs/images"))
    document = Path("docs/performance.md")
    document.write_text(renew(document.read_text(), results))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--vs", metavar="HUNCH")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("names", nargs="*", choices=[[], *suite(None)])
    asked = parser.parse_args(arguments)
    measures = (short_suite if asked.short else suite)(asked.vs or None)
    results = run({name: measures[name] for name in asked.names or measures})
    progress(
        f"{results.seconds:.0f} s, load average {results.load_averages[0]} before, {results.load_averages[1]} after"
    )
    if not asked.names and not asked.short:
        write(results)


if __name__ == "__main__":
    main()
