"""Let forecasters trade against one another on questions whose answers are known, and see who knows more.

    hunch serve --database arena.db
    python examples/arena.py http://127.0.0.1:8000

FORECASTERS is a dictionary of functions from a market to probabilities; put a file of your own in its place with
`python examples/arena.py URL my_forecasters.py questions.jsonl`. A question is a line of JSON with `name`,
`description` and the `outcome`, YES or NO, that it is resolved to at the end.
"""

import json
import math
import random
import runpy
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import httpx
from bot import Forecast, trade

from hunch_client import Hunch, Market

LIQUIDITY = 100
ROUNDS = 3
QUESTIONS = 40


class Question(NamedTuple):
    """Something that was asked, and what came of it."""

    name: str
    description: str
    outcome: str


class Standing(NamedTuple):
    """A forecaster's result over all questions: credits won, and points as the leaderboard counts them."""

    name: str
    profit: Decimal
    points: float


def urns(count: int, seed: int) -> list[Question]:
    """Questions with a known chance: a ball is drawn from an urn."""
    chance = random.Random(seed)
    drawn = []
    for number in range(1, count + 1):
        red = chance.randint(1, 9)
        outcome = "YES" if chance.random() < red / 10 else "NO"
        drawn.append(Question(f"Urn {number}: is the ball red?", f"{red} red balls and {10 - red} white.", outcome))
    return drawn


def sign_in(url: str, account: str, *roles: str) -> Hunch:
    """A client for an account, by the sign-in without a password that an instance on the loopback address has."""
    answer = httpx.post(f"{url}/v1/dev/sign-in", json={"account": account, "roles": roles})
    hunch = Hunch(url, answer.raise_for_status().json()["token"])
    hunch.open_account()
    return hunch


def hold(url: str, forecasters: Mapping[str, Forecast], questions: Sequence[Question], seed: int = 1) -> list[Standing]:
    """Ask one question after another, and rank the forecasters by what they won, best first."""
    chance = random.Random(seed)
    run = f"arena-{time.time_ns():x}"
    profits = dict.fromkeys(forecasters, Decimal(0))
    with ExitStack() as clients:
        house = clients.enter_context(sign_in(url, run, "admin"))
        house.grant(run, len(questions) * LIQUIDITY, "to open the markets of the arena")
        bots = {name: clients.enter_context(sign_in(url, f"{run}-{name}")) for name in forecasters}
        for number, question in enumerate(questions):
            slug = f"{run}-{number}"
            house.create_market(slug, question.name, description=question.description, liquidity=LIQUIDITY)
            house.publish_market(slug)
            for _ in range(ROUNDS):
                for name in chance.sample(sorted(bots), len(bots)):
                    trade(bots[name], slug, forecasters[name])
            house.resolve_market(slug, question.outcome)
            for account, profit in profits_of(house, settled(house, slug)):
                profits[account.removeprefix(f"{run}-")] += profit
    standings = [Standing(name, profit, float(profit) / math.log(2)) for name, profit in profits.items()]
    return sorted(standings, key=lambda standing: standing.profit, reverse=True)


def settled(hunch: Hunch, slug: str) -> Market:
    """The market once everything is paid."""
    while (market := hunch.market(slug)).status != "RESOLVED":
        time.sleep(0.05)
    return market


def profits_of(hunch: Hunch, market: Market) -> Iterator[tuple[str, Decimal]]:
    """What each account won or lost on a market, from its public trades: payouts less what was paid for the shares."""
    assert market.resolution is not None
    payouts = market.resolution.payouts or {}
    profits: dict[str, Decimal] = defaultdict(Decimal)
    for done in hunch.trades(market.slug):
        sign = 1 if done.side == "buy" else -1
        profits[done.account] += sign * (done.quantity * payouts[done.outcome] - done.amount)
    yield from profits.items()


def main(url: str, forecasters: str | None = None, questions: str | None = None) -> None:
    """Hold an arena and print its table."""
    path = forecasters or str(Path(__file__).with_name("forecasters.py"))
    asked = (
        [Question(**json.loads(line)) for line in Path(questions).read_text(encoding="utf-8").splitlines()]
        if questions
        else urns(QUESTIONS, seed=1)
    )
    for rank, standing in enumerate(hold(url, runpy.run_path(path)["FORECASTERS"], asked), start=1):
        print(f"{rank}. {standing.name:20} {standing.profit:+12.2f} credits {standing.points:+8.1f} points")


if __name__ == "__main__":
    main(*sys.argv[1:])
