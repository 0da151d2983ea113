"""The examples, run as their first lines say."""

import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from tests.integration.clients.conftest import Client
from tests.integration.embedded.commands.instance import Running

EXAMPLES = Path(__file__).parents[3] / "examples"
DEADLINE_SECONDS = 60.0
TWO_FORECASTERS = """
FORECASTERS = {
    "wrong": lambda market: {"YES": 0.1, "NO": 0.9},
    "right": lambda market: {"YES": 0.9, "NO": 0.1},
}
"""


def run(*arguments: object, **environment: str) -> str:
    """What Python prints in the folder of examples; it must end well and warn of nothing."""
    ended = subprocess.run(  # noqa: S603 -- an example of ours
        [sys.executable, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        cwd=EXAMPLES,
        env=os.environ | environment,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


def test_the_bot_trades_to_what_it_believes(instance: Running, client: Client) -> None:
    """Where the price is far from the middle it moves it there, and twice is no further than once."""
    creator = client("bot-creator")
    creator.create_market("far", "Will it?")
    creator.publish_market("far")
    client("pusher").place_order("far", "YES", spend=100)
    pushed = creator.market("far").prices["YES"]
    key = client("the-bot").create_api_key("bot", ["read", "trade"]).key
    run("bot.py", instance.url, HUNCH_TOKEN=key)
    assert creator.market("far").prices["YES"] < pushed
    assert {trade.account for trade in creator.trades("far")} == {"pusher", "the-bot"}


def test_who_knows_wins_the_arena(instance: Running, client: Client, tmp_path: Path) -> None:
    """The table is ranked, what the two win is what the house loses, and the books balance."""
    forecasters, questions = tmp_path / "forecasters.py", tmp_path / "questions.jsonl"
    forecasters.write_text(TWO_FORECASTERS)
    questions.write_text('{"name": "Was it so?", "description": "It was.", "outcome": "YES"}\n' * 3)
    lines = run("arena.py", instance.url, forecasters, questions).splitlines()
    rows = [re.fullmatch(r"(\d)\. (\w+) +([+-][\d.]+) credits +([+-][\d.]+) points", line) for line in lines]
    assert [row and row.group(1, 2) for row in rows] == [("1", "right"), ("2", "wrong")]
    first, second = (Decimal(row[3]) for row in rows if row)
    assert first > 0 > second
    assert client().audit().difference == 0


def test_the_arena_has_questions_and_forecasters_of_its_own(instance: Running) -> None:
    """Without files it asks about urns."""
    ended = run("-c", "import arena, sys; arena.QUESTIONS = 2; arena.main(sys.argv[1])", instance.url)
    assert sorted(line.split()[1] for line in ended.splitlines()) == ["careful", "overconfident", "undecided"]
