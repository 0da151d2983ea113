"""Plant every bug in a copy of the sources, see which test kills it, and write the table into docs/guarantees.md.

Run as ``python -m tests.mutants [words]``; with words, only the bugs whose name has one of them, whose rows alone are
renewed. As many bugs as there are processors are judged at once.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.mutants.mutants import MUTANTS, ROOT, Mutant, plant

_SEEDS = 120
_DOCUMENT = ROOT / "docs" / "guarantees.md"
_TABLE = re.compile(r"(?<=<!-- mutants -->\n).*(?=<!-- /mutants -->)", re.DOTALL)
_LEFT_BEHIND = shutil.ignore_patterns("node_modules", "artefacts")
_FAILED = re.compile(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", re.MULTILINE)
_SEED = re.compile(r"--seed ([0-9]+)")


class Verdict(NamedTuple):
    """Who killed a mutant: the first test that failed, and the first seed of the simulation; None when nobody did."""

    mutant: Mutant
    test: str | None
    seed: int | None


def main() -> int:
    """Judge the mutants; 1 when one survives its tests."""
    words = sys.argv[1:] or [""]
    mutants = [mutant for mutant in MUTANTS if any(word in mutant.name for word in words)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        _require_whole_copy(pool, mutants)
        verdicts = list(pool.map(_judge, mutants))
    survivors = [verdict.mutant.name for verdict in verdicts if verdict.test is None]
    _renew_table(verdicts)
    for name in survivors:
        _say(f"SURVIVED: {name}")
    _say(f"{len(verdicts) - len(survivors)} of {len(verdicts)} planted bugs killed")
    return 1 if survivors else 0


def _require_whole_copy(pool: ThreadPoolExecutor, mutants: Sequence[Mutant]) -> None:
    """A copy in which nothing is planted passes everything: whatever fails later fails because of its bug."""
    with _copied() as tree:
        found_by_seed = pool.submit(_first_seed, tree)
        test = _first_failure(tree, dict.fromkeys(test for mutant in mutants for test in mutant.tests))
        seed = found_by_seed.result()
    if test is not None or seed is not None:
        raise RuntimeError(f"without any bug {test or f'seed {seed}'} fails")


@contextmanager
def _copied() -> Iterator[Path]:
    """A copy of the sources and of what the tests of all mutants need besides.

    What Python has compiled is copied too: it is valid for every file that has its time and size, and a planted bug
    changes the time of its own.
    """
    with tempfile.TemporaryDirectory(prefix="hunch-mutant-") as folder:
        tree = Path(folder)
        for name in ("domain", "functions", "tests"):
            shutil.copytree(ROOT / name, tree / name, ignore=_LEFT_BEHIND)
        for name in ("pyproject.toml", "README.md"):
            shutil.copy2(ROOT / name, tree / name)
        yield tree


def _judge(mutant: Mutant) -> Verdict:
    with _copied() as tree:
        plant(mutant, tree)
        test = _first_failure(tree, mutant.tests)
        seed = _first_seed(tree) if mutant.is_simulated else None
    verdict = Verdict(mutant, test, seed)
    _say(f"{mutant.name}: {test}; seed {seed}")
    return verdict


def _first_failure(tree: Path, tests: Iterable[str]) -> str | None:
    options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "--no-header", "--tb=no", "-rfE"]
    ended = _run(tree, "-m", "pytest", *options, *tests)
    if ended.returncode not in {0, 1}:
        raise RuntimeError(f"pytest did not run:\n{ended.stdout}{ended.stderr}")
    found = _FAILED.search(ended.stdout)
    return found[1] if found else None


def _first_seed(tree: Path) -> int | None:
    code = f"""
import sys
from tests.simulation.campaign import FailedError, run_all
from tests.simulation.faults import Plan
try:
    run_all(map(Plan, range({_SEEDS})))
except FailedError as failure:
    print(failure)
    sys.exit(1)
"""
    ended = _run(tree, "-c", code)
    found = _SEED.search(ended.stdout)
    if (ended.returncode == 1) != bool(found):
        raise RuntimeError(f"the simulation did not run:\n{ended.stdout}{ended.stderr}")
    return int(found[1]) if found else None


def _run(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(  # noqa: S603  (the words are this file's own)
        [sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def _renew_table(verdicts: Sequence[Verdict]) -> None:
    """Put the verdicts in the place of the rows that the same bugs had."""
    document = _DOCUMENT.read_text()
    found = _TABLE.search(document)
    if found is None:
        raise RuntimeError(f"{_DOCUMENT} has no place for the table")
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in found[0].splitlines()[2:]}
    rows |= {verdict.mutant.name: _row(verdict) for verdict in verdicts}
    lines = ["| planted bug | killed by | and by seed |", "|---|---|---|"]
    lines += [rows[mutant.name] for mutant in MUTANTS if mutant.name in rows]
    table = "".join(f"{line}\n" for line in lines)
    _DOCUMENT.write_text(document[: found.start()] + table + document[found.end() :])


def _row(verdict: Verdict) -> str:
    test = "**nobody**" if verdict.test is None else f"`{verdict.test.removeprefix('tests/').partition('[')[0]}`"
    return f"| {verdict.mutant.name} | {test} | {'–' if verdict.seed is None else verdict.seed} |"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
