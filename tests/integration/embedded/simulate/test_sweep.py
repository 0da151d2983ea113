import math
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from functions.embedded.simulation.plot import render_plot
from functions.embedded.simulation.run import run_market
from functions.embedded.simulation.scenario import RunResult, Scenario
from functions.embedded.simulation.sweep import Summary, advice, advised, candidates, summarize, sweep
from functions.embedded.simulation.table import render_table

SMALL = Scenario(people=6, budget=50.0, outcomes=3, informed=3, visits=3)


def mean_error(scenario: Scenario, liquidity: float, runs: int = 60) -> float:
    """The average error at the end."""
    return math.fsum(run_market(scenario, liquidity, f"s/{number}").errors[-1] for number in range(runs)) / runs


@pytest.mark.parametrize("liquidity", [1.0, 20.0, 1000.0])
def test_losses_stay_within_the_subsidy(liquidity: float) -> None:
    """Nobody wins more than b ln n from the market, and nobody loses more than everybody brought."""
    for number in range(50):
        run = run_market(SMALL, liquidity, f"loss/{number}")
        assert -SMALL.people * SMALL.budget <= run.loss <= liquidity * math.log(SMALL.outcomes) + 1e-9
        assert all(0 <= error <= 1 for error in run.errors)


def test_a_seed_gives_the_same_on_any_number_of_processes() -> None:
    """What was published can be run again; another seed is another sample."""
    alone = sweep(SMALL, 7, 12, 1)
    assert sweep(SMALL, 7, 12, 3) == alone
    assert sweep(SMALL, 8, 12, 1) != alone


def test_every_run_is_watched() -> None:
    """The progress bar ends where it should."""
    done: list[int] = []
    sweep(SMALL, 1, 12, 1, done.append)
    assert sum(done) == 12 * len(candidates(SMALL))


def test_knowledge_makes_the_price_better() -> None:
    """Informed people bring the price nearer to the truth than people who trade at random; evidence nearer still."""
    nobody = replace(SMALL, people=20, informed=0)
    some = replace(nobody, informed=10)
    everybody = replace(nobody, informed=20)
    assert mean_error(nobody, 60) > mean_error(some, 60) > mean_error(everybody, 60)
    assert mean_error(replace(everybody, evidence=100), 60) < mean_error(everybody, 60)


def test_both_ends_of_the_range_are_worse_than_the_advice() -> None:
    """Too little liquidity throws the price about, too much holds it where it was."""
    summaries = sweep(Scenario(), 3, 20, 1)
    best = advised(summaries)
    assert summaries[0].error > 1.5 * best.error
    assert summaries[-1].error > best.error
    assert summaries[-1].typical_loss > 5 * best.typical_loss
    settled = [summary.settled_after or 1.0 for summary in summaries]
    assert settled[-1] > settled[summaries.index(best)]


@pytest.mark.parametrize(
    ("scenario", "ends"),
    [(Scenario(), (7.5, 1500)), (Scenario(2, 1.0), (1, 1)), (Scenario(2000, 1e6), (1_000_000, 1_000_000))],
)
def test_candidates_are_liquidities_that_a_market_can_have(scenario: Scenario, ends: tuple[float, float]) -> None:
    """Between 1 and a million, each once, rising."""
    tried = candidates(scenario)
    assert (tried[0], tried[-1]) == ends
    assert tried == sorted(set(tried))


def summary(liquidity: float, error: float) -> Summary:
    """A candidate of which only that matters."""
    return Summary(liquidity, error, 0.01, 0.02, -3.0, 5.0, liquidity * math.log(2), 100.0, None)


def test_the_cheapest_that_is_nearly_best_is_advised() -> None:
    """A tenth more error is worth a smaller subsidy, more is not."""
    summaries = [summary(10, 0.2), summary(20, 0.112), summary(45, 0.109), summary(90, 0.1), summary(200, 0.15)]
    best = advised(summaries)
    assert best.liquidity == 45
    assert advice(Scenario(), best) == (
        "For 30 people and 100 credits of budget: liquidity 45, a subsidy of 31 credits of which 0 are typically lost, "
        "with prices about 11 points from the truth."
    )
    marked = [line for line in render_table(summaries, best).splitlines() if line.endswith("←")]
    assert [line.split()[0] for line in marked] == ["45"]


def test_a_price_has_settled_after_nine_tenths_of_its_way() -> None:
    """From the opening's 0.5 to 0.1, that is at 0.14; where the error does not fall, never."""
    errors = (0.4, 0.3, 0.13, 0.1, 0.1, 0.1, 0.1, 0.1)
    results = [RunResult(0.5, errors, 0.02, 1.0, 10.0)] * 2
    assert summarize(SMALL, 10.0, results).settled_after == 3 / 8
    assert summarize(SMALL, 10.0, [run._replace(opening=0.05) for run in results]).settled_after is None


def test_the_plot_is_a_picture() -> None:
    """Well-formed SVG with four charts in which every number is one."""
    summaries = sweep(SMALL, 1, 4, 1)
    text = render_plot(SMALL, summaries, advised(summaries))
    picture = ET.fromstring(text)  # noqa: S314 -- made here
    assert len(picture.findall(".//{http://www.w3.org/2000/svg}polyline")) == 7
    assert not re.search(r"\b(nan|inf)\b", text)


@pytest.mark.parametrize("scenario", [Scenario(2, 1.0, visits=1), replace(SMALL, informed=0)])
def test_the_smallest_market_has_a_plot(scenario: Scenario) -> None:
    """One candidate, or an error that never falls, is no reason to fail."""
    summaries = sweep(scenario, 1, 2, 1)
    ET.fromstring(render_plot(scenario, summaries, advised(summaries)))  # noqa: S314 -- made here
