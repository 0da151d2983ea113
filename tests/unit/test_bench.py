from dataclasses import replace
from pathlib import Path

import pytest

from bench.document import RUN, places, renew
from bench.figures import OURS, Figure, Results, Subject, compared, dump, load, measured, of_turns, rows, take_turns

ROOT = Path(__file__).parents[2]
RUN_OF_TWO = Results(
    "2026-11-27T20:00Z",
    "a machine",
    2,
    (0.1, 1.2),
    9.0,
    "abc",
    {"python": "3.13"},
    (
        compared(Subject("warm", "place_order", "time", "µs"), [600, 500, 700], "a peer", [300, 500, 1400]),
        measured(Subject("load", "everybody", "memory", "MB"), [3.0, 1.0, 2.0]),
    ),
)


def test_figures_are_medians_and_ratios_are_taken_in_each_round() -> None:
    """The ratio of the medians would be 1.2; the median of the rounds' ratios is 1."""
    compared_one, alone = RUN_OF_TWO.figures
    assert compared_one == Figure("warm", "place_order", "time", "µs", 600, "a peer", 500, 1.0)
    assert alone == Figure("load", "everybody", "memory", "MB", 2.0)


def test_rounds_that_have_no_peer_are_refused() -> None:
    """A peer that was left out of a round would be compared with another one."""
    with pytest.raises(ValueError, match="zip"):
        compared(Subject("warm", "place_order", "time", "µs"), [600, 500], "a peer", [300])


def test_everybody_takes_turns() -> None:
    """Each once in a round, so that what else the machine does meets all of them; the first is ours."""
    order: list[str] = []

    def act(name: str, value: float) -> float:
        order.append(name)
        return value

    done = take_turns(2, {OURS: lambda: act("ours", 4), "peer": lambda: act("peer", 2)})
    assert order == ["ours", "peer"] * 2
    subject = Subject("name", "case", "metric", "s")
    (figure,) = of_turns(subject, done, float)
    assert (figure.ours, figure.beside, figure.peer, figure.ratio) == (4, "peer", 2, 2)
    (alone,) = of_turns(subject, {OURS: [4.0]}, float)
    assert (alone.ours, alone.beside, alone.peer, alone.ratio) == (4, "", None, None)


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    """JSON of one figure in a line; a field that is missing or unknown is an error."""
    (path := tmp_path / "results.json").write_text(dump(RUN_OF_TWO))
    assert load(path) == RUN_OF_TWO
    path.write_text(dump(RUN_OF_TWO).replace('"unit"', '"units"'))
    with pytest.raises(TypeError):
        load(path)


def test_a_table_says_each_thing_once() -> None:
    """A second peer has a row of its own without what stands above it."""
    first = RUN_OF_TWO.figures[0]
    assert rows([first, replace(first, beside="another", peer=50_000, ratio=0.012)])[2:] == [
        "| place_order | time, µs | 600 | a peer | 500 | **1.00** |",
        "| | | | another | 50 000 | **0.01** |",
    ]


def test_a_document_gets_the_tables_of_its_places() -> None:
    """And keeps everything around them; again it stays as it is."""
    text = "above\n<!-- bench: warm -->\nold\n<!-- bench: end -->\nbelow\n<!-- bench: age -->\n<!-- bench: end -->\n"
    renewed = renew(text, RUN_OF_TWO)
    assert renewed.startswith("above\n<!-- bench: warm -->\n| case |")
    assert "old" not in renewed
    assert renewed.endswith("\nbelow\n<!-- bench: age -->\nNot measured in this run.\n<!-- bench: end -->\n")
    assert "(images/bench-warm.svg)" in renewed
    assert renew(renewed, RUN_OF_TWO) == renewed


def test_the_document_quotes_the_results_of_the_repository() -> None:
    """Whoever measures anew renews both."""
    results, text = load(ROOT / "bench" / "results.json"), (ROOT / "docs" / "performance.md").read_text()
    assert set(places(text)) >= {RUN, "orders", "load", "readers", "warm", "start_cpu", "age", "units"}
    assert renew(text, results) == text
