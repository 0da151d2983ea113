import asyncio
import functools
import random
import signal
import socket
import sqlite3
import stat
from contextlib import closing
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest

from functions.config.release import VERSION
from functions.embedded.commands.serve import OPEN_TO_ALL
from tests.integration.embedded.ledger import assert_whole, content, count_trades, reading
from tests.integration.embedded.plug import pull_the_plug, send_signal, trade_until
from tests.integration.embedded.server import Ended, InstalledHunch, run_hunch, serve, wait_until
from tests.integration.embedded.traders import Traders, client

KILLS = 4  # `make torture` does it a hundred times
LAST_LINE = "Stopped. Everything is kept.\n"


def names_in(folder: Path) -> list[str]:
    """The names of a folder's files."""
    return sorted(path.name for path in folder.iterdir())


async def test_kills_at_random_moments_lose_no_acknowledged_trade(tmp_path: Path) -> None:
    """After every kill -9 under load each acknowledged order is there, once, and the books and chains are whole."""
    traders = Traders(random.Random(20261123))
    await pull_the_plug(tmp_path, traders, KILLS)
    assert traders.acknowledged > KILLS


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
async def test_a_signal_stops_it_in_order(tmp_path: Path, stop: signal.Signals) -> None:
    """It answers what it has begun, says that it stopped, exits with 0, and leaves the port and one whole file."""
    traders = Traders(random.Random(stop.value))
    with serve(tmp_path) as server:
        url = server.await_ready()
        async with client(url) as http:
            await traders.settle_in(http)
            signalled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            signalled.add_done_callback(functools.partial(send_signal, server, stop))
            await trade_until(traders, http, (25, 0.0), signalled)
        code = await asyncio.to_thread(server.process.wait, 10)
    assert code == 0
    assert server.complaints == ""
    assert server.output.read_text().startswith(f"Hunch {VERSION} serves {tmp_path / 'hunch.db'} at {url} (API: ")
    assert count_trades(tmp_path / "hunch.db") == traders.acknowledged
    assert_whole(tmp_path / "hunch.db")
    assert names_in(tmp_path) == ["hunch.db", "stderr", "stdout"]
    with socket.create_server(("127.0.0.1", httpx.URL(url).port or 0)):
        pass
    assert server.output.read_text().endswith(f"Ctrl-C stops it.\n{LAST_LINE}")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_signal_just_after_its_first_line_stops_it_in_order(tmp_path: Path, stop: signal.Signals) -> None:
    """Whoever has read the line may stop it at once: it says that it stopped and exits with 0, as at any later time."""
    with serve(tmp_path, run=InstalledHunch) as server:
        assert server.url
        assert server.errors.read_text() == f"{OPEN_TO_ALL}\n"
        assert (server.stop(stop), server.complaints) == (0, "")
    assert server.output.read_text().endswith(LAST_LINE)


def test_a_request_that_never_ends_does_not_spoil_stopping(tmp_path: Path) -> None:
    """A client that stalls in the middle of its body is given up after the grace period, without a traceback."""
    with serve(tmp_path) as server:
        port = httpx.URL(server.await_ready()).port or 0
        with socket.create_connection(("127.0.0.1", port)) as stalled:
            head = "POST /v1/dev/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            stalled.sendall(f"{head}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n".encode())
            assert stalled.recv(1000).startswith(b"HTTP/1.1 100 ")
            stalled.sendall(b"{")
            assert server.stop() == 0
    assert "Traceback" not in server.errors.read_text()


def test_a_restart_keeps_accounts_markets_and_tokens(tmp_path: Path) -> None:
    """What was opened, published and issued before a stop is there after the start; the file is its owner's alone."""
    with serve(tmp_path) as server, httpx.Client(base_url=server.await_ready()) as http:
        token = http.post("/v1/dev/sign-in", json={"account": "ann"}).json()["token"]
        signed_in = {"Authorization": f"Bearer {token}"}
        assert http.post("/v1/accounts", headers=signed_in).status_code == 201
        draft = {"slug": "rain", "name": "Will it rain?"}
        assert http.post("/v1/markets", json=draft, headers=signed_in).status_code == 201
        assert http.post("/v1/markets/rain/publish", headers=signed_in).status_code == 200
        before = [http.get(path, headers=signed_in).json() for path in ("/v1/portfolio", "/v1/markets/rain")]
        for name in ("hunch.db", "hunch.db-wal", "hunch.db-shm"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert server.stop() == 0
    with serve(tmp_path, "--demo") as server, httpx.Client(base_url=server.await_ready()) as http:
        assert [market["slug"] for market in http.get("/v1/markets").json()["markets"]] == ["rain"]
        after = [http.get(path, headers=signed_in).json() for path in ("/v1/portfolio", "/v1/markets/rain")]
        assert after == before
        assert http.post("/v1/accounts", headers=signed_in).status_code == 200
        taken = run_hunch("serve", "--database", str(tmp_path / "other.db"), "--port", str(http.base_url.port))
        assert_refused(taken, "Cannot listen on 127.0.0.1:")
        assert not (tmp_path / "other.db").exists()
        stranger = http.get("/v1/health", headers={"Host": "attacker.example"})
        assert (stranger.status_code, stranger.headers["content-type"]) == (400, "application/problem+json")
        assert stranger.json()["code"] == "validation-failed"


def test_the_demonstration_fills_what_is_not_there_and_leaves_what_is(tmp_path: Path) -> None:
    """A fresh database gets lively markets whose books balance; the next start changes nothing of them."""
    database = tmp_path / "hunch.db"
    with serve(tmp_path, "--demo") as server:
        listed = httpx.get(f"{server.await_ready()}/v1/markets?limit=100").json()["markets"]
        assert server.stop(signal.SIGINT) == 0
    statuses = [market["status"] for market in listed]
    assert len(statuses) >= 4
    assert statuses.count("RESOLVED") == 1
    assert statuses.count("ACTIVE") == len(statuses) - 1
    assert all(market["trade_count"] > 0 for market in listed)
    assert count_trades(database) >= 100
    assert_whole(database)
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    filled, size = content(database), database.stat().st_size
    with serve(tmp_path, "--demo") as server:
        server.await_ready()
        assert server.stop(signal.SIGINT) == 0
    assert "Filling" not in server.output.read_text()
    assert (content(database), database.stat().st_size) == (filled, size)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("hunch.db")] == ["hunch.db"]


def test_a_kill_while_filling_leaves_no_half_filled_database(tmp_path: Path) -> None:
    """Nothing is served that is not whole: the next start fills afresh, whatever the killed one has left behind."""
    database = tmp_path / "hunch.db"
    with serve(tmp_path, "--demo") as server:
        wait_until(lambda: _trades_so_far(tmp_path) > 20)
        server.kill()
    assert not database.exists()
    with serve(tmp_path, "--demo") as server:
        server.await_ready()
        assert count_trades(database) >= 100
        assert_whole(database)
    assert [path.name for path in tmp_path.iterdir() if "filling" in path.name] == []


def _trades_so_far(folder: Path) -> int:
    try:
        return sum(count_trades(path) for path in folder.glob("hunch.db*filling"))
    except sqlite3.OperationalError:
        return 0  # its tables are not there yet


def test_the_demonstration_takes_nothing_from_a_deleted_database(tmp_path: Path) -> None:
    """What a killed server left in the write-ahead log is not mixed into the file that takes a deleted one's place."""
    with serve(tmp_path, "--demo") as server:
        url = server.await_ready()
        token = httpx.post(f"{url}/v1/dev/sign-in", json={"account": "stranger"}).json()["token"]
        opened = httpx.post(f"{url}/v1/accounts", headers={"Authorization": f"Bearer {token}"})
        assert opened.status_code == 201
        server.kill()
    (tmp_path / "hunch.db").unlink()
    with serve(tmp_path, "--demo") as server:
        server.await_ready()
        assert_whole(tmp_path / "hunch.db")
        with reading(tmp_path / "hunch.db") as connection:
            assert connection.execute("SELECT id FROM accounts WHERE id = 'stranger'").fetchall() == []


def assert_refused(ended: Ended, reason: str) -> None:
    """It ended with one line that says why, and neither a traceback nor a word about serving."""
    assert ended.code > 0
    assert "serves" not in ended.output
    assert "Traceback" not in ended.errors
    said = [line for line in ended.errors.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert len(said) == 1
    assert said[0].startswith("Error: ")
    assert reason in said[0]


@pytest.mark.parametrize("database", ["folder", "text", "later", "nowhere", "nowhere --demo"])
def test_a_database_that_cannot_be_used_is_refused(tmp_path: Path, database: str) -> None:
    """A folder, a file that is no database, one of a later version, a place that is not there: one clear line each."""
    kind, *options = database.split()
    path = tmp_path / "hunch.db"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("Dear diary, this is no database. " * 40)
    elif kind == "later":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 9999")
    else:
        path = tmp_path / "nowhere" / "hunch.db"
    before = path.read_bytes() if path.is_file() else None
    ended = run_hunch("serve", "--port", "0", "--database", str(path), *options)
    assert_refused(ended, path.name)
    assert kind != "nowhere" or not path.parent.exists()
    if kind == "text":
        assert path.read_bytes() == before
    if kind == "later":
        assert "9999" in ended.errors


def test_a_host_that_others_can_reach_is_refused(tmp_path: Path) -> None:
    """Accounts need no password here, so nothing but loopback is listened on, and no file is made."""
    everywhere = str(IPv4Address(0))
    ended = run_hunch("serve", "--host", everywhere, "--port", "0", "--database", str(tmp_path / "hunch.db"))
    assert_refused(ended, everywhere)
    assert list(tmp_path.iterdir()) == []


def test_a_starting_grant_that_is_none_is_refused(tmp_path: Path) -> None:
    """A setting that makes no sense is named, and no file is made."""
    ended = run_hunch("serve", "--port", "0", "--database", str(tmp_path / "hunch.db"), HUNCH_STARTING_GRANT="many")
    assert_refused(ended, "HUNCH_STARTING_GRANT")
    assert list(tmp_path.iterdir()) == []
