from pathlib import Path

import pytest

from tests.integration.embedded.commands.conftest import Hunch

QUICK = ("simulate", "--people", 4, "--runs", 2, "--seed", 5)


def test_it_advises_and_draws(hunch: Hunch, tmp_path: Path) -> None:
    """A table, a sentence and a picture; the same seed says the same again, another says something else."""
    ended = hunch(*QUICK, "--budget", 25, "--outcomes", 3, "--plot", "plot.svg")
    assert (ended.exit_code, ended.stderr) == (0, "")
    *table, empty, sentence = ended.stdout.splitlines()
    assert table[0].split()[:2] == ["liquidity", "subsidy"]
    assert (empty, sentence.partition(":")[0]) == ("", "For 4 people and 25 credits of budget")
    picture = (tmp_path / "plot.svg").read_text()
    assert picture.startswith("<svg")
    again = hunch(*QUICK, "--budget", 25, "--outcomes", 3, "--plot", "plot.svg")
    assert (again.stdout, (tmp_path / "plot.svg").read_text()) == (ended.stdout, picture)
    assert hunch(*QUICK, "--budget", 25, "--outcomes", 3, "--seed", 6).stdout != ended.stdout


@pytest.mark.parametrize(
    "options",
    [
        ("--people", 1),
        ("--budget", "nan"),
        ("--budget", "much"),
        ("--budget", 0),
        ("--outcomes", 21),
        ("--informed", 101),
        ("--seed", "x"),
    ],
)
def test_what_makes_no_sense_is_refused(hunch: Hunch, options: tuple[object, ...]) -> None:
    """In one line, before anything is run."""
    ended = hunch("simulate", *options)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
