"""One market from its opening to its resolution."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from functions.embedded.simulation.people import Person
from functions.embedded.simulation.scenario import SLICES, RunResult, Scenario
from functions.embedded.simulation.scoring_rule import FastScoringRule


def run_market(scenario: Scenario, liquidity: float, seed: str) -> RunResult:
    """Run a market.

    With the same seed every liquidity meets the same truth, the same people in the same order, and the same chance
    of each of them, so that candidates differ by nothing else.

    Args:
        scenario: who trades.
        liquidity: b, in credits.
        seed: what all chance comes from.
    """
    chance = random.Random(seed)  # noqa: S311 -- has to be repeatable
    truth = _draw_truth(chance, scenario.outcomes)
    observed = [_observe(chance, truth, scenario.evidence) for _ in range(scenario.informed)]
    beliefs = [_belief(counts) for counts in observed]
    people = [
        Person(
            scenario.budget,
            [0.0] * scenario.outcomes,
            beliefs[number] if number < scenario.informed else None,
            random.Random(f"{seed}/{number}"),  # noqa: S311 -- has to be repeatable
        )
        for number in range(scenario.people)
    ]
    queue = [person for person in people for _ in range(scenario.visits)]
    chance.shuffle(queue)
    market = FastScoringRule(liquidity, scenario.outcomes)
    opening = _distance(market.prices(), truth)
    volume, errors = 0.0, list[float]()
    for person in queue:
        volume += person.visit(market)
        errors.append(_distance(market.prices(), truth))
    happened = chance.choices(range(scenario.outcomes), truth)[0]
    received = market.cost() - liquidity * math.log(scenario.outcomes)
    everything = _belief([sum(counts) for counts in zip(*observed, strict=True)] or [0] * scenario.outcomes)
    return RunResult(opening, _slices(errors), _distance(everything, truth), market.shares[happened] - received, volume)


def _draw_truth(chance: random.Random, outcomes: int) -> list[float]:
    """Probabilities of which none is likelier than another: a uniform draw from the simplex."""
    parts = [chance.expovariate() for _ in range(outcomes)]
    return [part / math.fsum(parts) for part in parts]


def _observe(chance: random.Random, truth: Sequence[float], evidence: int) -> list[int]:
    """How often each outcome came up in that many independent observations."""
    seen = chance.choices(range(len(truth)), truth, k=evidence)
    return [seen.count(outcome) for outcome in range(len(truth))]


def _belief(counts: Sequence[int]) -> list[float]:
    """The posterior mean after observations, by Laplace's rule of succession."""
    total = sum(counts) + len(counts)
    return [(count + 1) / total for count in counts]


def _distance(prices: Sequence[float], truth: Sequence[float]) -> float:
    return math.fsum(abs(price - probability) for price, probability in zip(prices, truth, strict=True)) / len(truth)


def _slices(errors: Sequence[float]) -> tuple[float, ...]:
    """The average error in each part."""
    count = min(SLICES, len(errors))
    edges = [number * len(errors) // count for number in range(count + 1)]
    return tuple(math.fsum(errors[start:end]) / (end - start) for start, end in pairwise(edges))
