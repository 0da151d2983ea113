import csv
import io
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from starlette.responses import Response

from functions.embedded.commands.export import _csv_writer, _jsonl_writer
from tests.integration.embedded.commands.conftest import Hunch
from tests.integration.embedded.commands.instance import MARKET, OUTCOMES, TRADES, Running
from tests.integration.embedded.server import DEADLINE_SECONDS, InstalledHunch

type Row = dict[str, Any]


def shown_trades(remote: Running) -> list[Row]:
    """The market's trades as the API lists them, the newest first."""
    trades: list[Row] = remote.http.get(f"/v1/markets/{MARKET}/trades?limit=100").json()["trades"]
    return trades


def shown_journal(remote: Running, token: str) -> list[Row]:
    """The movements of an account as the API lists them, the newest first."""
    headers = {"Authorization": f"Bearer {token}"}
    journal: list[Row] = remote.http.get("/v1/portfolio/journal?limit=100", headers=headers).json()["journal"]
    return journal


def source(remote: Running, where: str) -> list[object]:
    """The options that name the instance."""
    return ["--database", remote.database] if where == "database" else ["--url", remote.url]


def flat(row: Row) -> dict[str, str]:
    """A row of the API as CSV has it: everything is text, and a price has a column of its own."""
    prices = {f"prices_after.{name}": price for name, price in row.pop("prices_after", {}).items()}
    return {name: str(value) for name, value in (row | prices).items()}


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows of a CSV file, without their empty cells."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: value for name, value in row.items() if value} for row in rows]


def assert_right(ended: Result) -> None:
    """It ended well, and said nothing but what was asked."""
    assert (ended.exit_code, ended.stderr) == (0, "")


@pytest.mark.parametrize("where", ["database", "url"])
def test_trades_are_what_the_api_lists(hunch: Hunch, remote: Running, where: str) -> None:
    """Each trade once, the newest first, in both forms, whatever the outcomes are called; read back nothing is lost."""
    expected = shown_trades(remote)
    assert len(expected) == TRADES
    lines = hunch("export", "trades", MARKET, "--format", "jsonl", *source(remote, where))
    assert_right(lines)
    assert [json.loads(line) for line in lines.stdout.splitlines()] == expected
    table = hunch("export", "trades", MARKET, *source(remote, where))
    assert_right(table)
    columns = next(csv.reader(io.StringIO(table.stdout, newline="")))
    before = ["id", "market", "account", "outcome", "side", "quantity", "amount"]
    assert columns == [*before, *(f"prices_after.{name}" for name in OUTCOMES), "version", "digest", "created_at"]
    assert read_csv(table.stdout) == [flat(trade) for trade in expected]


@pytest.mark.parametrize("where", ["database", "url"])
def test_a_journal_is_what_the_api_lists(hunch: Hunch, remote: Running, where: str) -> None:
    """Each movement once, the newest first: of a file that of the account named, elsewhere of the credential's."""
    token = hunch("token", "ben", "--database", remote.database).stdout.strip()
    expected = shown_journal(remote, token)
    assert len(expected) > 4
    account = ["--account", "ben"] if where == "database" else []
    lines = hunch("export", "journal", *account, "--format", "jsonl", *source(remote, where), HUNCH_TOKEN=token)
    assert_right(lines)
    assert [json.loads(line) for line in lines.stdout.splitlines()] == expected
    table = hunch("export", "journal", *account, *source(remote, where), HUNCH_TOKEN=token)
    assert_right(table)
    assert table.stdout.startswith("id,kind,amount,balance_after,created_at,market,reason\n")
    assert read_csv(table.stdout) == [flat(entry) for entry in expected]


@pytest.mark.parametrize("where", ["database", "url"])
def test_what_is_not_there_is_one_line(hunch: Hunch, remote: Running, tmp_path: Path, where: str) -> None:
    """A market or an account that is unknown: one line, and no file."""
    token = hunch("token", "stranger", "--database", remote.database).stdout.strip()
    account = ["--account", "stranger"] if where == "database" else []
    for arguments, reason in (
        (["trades", "snow"], "There is no market 'snow'"),
        (["journal", *account], "The account 'stranger' has not been opened"),
    ):
        ended = hunch("export", *arguments, "--output", "x", *source(remote, where), HUNCH_TOKEN=token)
        assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
        assert reason in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_there_once_it_is_whole(hunch: Hunch, remote: Running, tmp_path: Path) -> None:
    """An error in the middle leaves what was there before and nothing besides; success replaces it."""
    target = tmp_path / "trades.jsonl"
    target.write_text("what was there")
    arguments = ["export", "trades", MARKET, "--format", "jsonl", "--output", target, "--url", remote.url]
    remote.meddler.answers = [None, None, *(Response(status_code=503) for _ in range(10))]
    ended = hunch(*arguments)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert len(remote.meddler.asked) > 3
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(target.name, "what was there")]
    remote.meddler.answers = [None, None, Response(status_code=429, headers={"Retry-After": "0"})]
    assert_right(hunch(*arguments))
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert [json.loads(line) for line in target.read_text().splitlines()] == shown_trades(remote)


def test_a_place_that_cannot_be_written_is_one_line(hunch: Hunch, remote: Running) -> None:
    """It is named; and what is no ordinary file is written as it is, not replaced."""
    ended = hunch("export", "trades", MARKET, "--output", "nowhere/x", "--database", remote.database)
    assert (ended.exit_code, ended.stderr) == (1, "Error: Cannot write nowhere/x: No such file or directory\n")
    ended = hunch("export", "trades", MARKET, "--output", "/dev/full", "--database", remote.database)
    assert (ended.exit_code, ended.stderr) == (1, "Error: Cannot write /dev/full: No space left on device\n")
    assert Path("/dev/full").is_char_device()


def test_a_list_that_does_not_go_on_is_given_up(hunch: Hunch, remote: Running) -> None:
    """An instance that gives the same cursor again and again is not asked for ever."""
    remote.meddler.meddle = lambda page: page.update(cursor="again")
    remote.meddler.answers = [None, None, *(Response('{"trades":[],"cursor":"again"}') for _ in range(10))]
    ended = hunch("export", "trades", MARKET, "--url", remote.url)
    assert ended.exit_code == 1
    assert "the same cursor twice" in ended.stderr


def test_a_trade_of_other_outcomes_is_one_line(hunch: Hunch, remote: Running, tmp_path: Path) -> None:
    """A list that contradicts its market has no columns to go to."""

    def meddle(page: Row) -> None:
        page["trades"][0]["prices_after"]["never"] = "0.000000"

    remote.meddler.meddle = meddle
    ended = hunch("export", "trades", MARKET, "--output", "x.csv", "--url", remote.url)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert f"Trade {TRADES} shows other outcomes than its market" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_nobodys_mistake(remote: Running) -> None:
    """`hunch export … | head` says nothing when head has had enough."""
    reader, writer = os.pipe()
    os.close(reader)
    arguments = ["export", "trades", MARKET, "--database", str(remote.database)]
    with (
        os.fdopen(writer, "wb") as output,
        tempfile.TemporaryFile() as errors,
        InstalledHunch(arguments, output, errors) as process,
    ):
        assert process.wait(DEADLINE_SECONDS) == 1
        errors.seek(0)
        assert errors.read() == b""


@pytest.mark.parametrize("writer", [lambda stream: _csv_writer(stream, ["reason"]), _jsonl_writer])
def test_a_terminal_obeys_none_of_it(writer: Callable[[io.BytesIO], Callable[[Row], object]]) -> None:
    """What people wrote to be obeyed by a terminal, or to be read backwards, is escaped in both forms."""
    stream = io.BytesIO()
    writer(stream)({"reason": "\x1b[2J\x9b \u202egnp.exe"})
    written = stream.getvalue().decode()
    assert r"\u001b[2J\u009b \u202egnp.exe" in written
    assert all(sign.isprintable() or sign == "\n" for sign in written)
