import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.integration.embedded.ledger import assert_whole, reading
from tests.integration.embedded.plug import pull_the_plug
from tests.integration.embedded.server import Server, serve
from tests.integration.embedded.starvation import STARVED, HunchOfFewFiles, silent_crowd
from tests.integration.embedded.traders import Traders, client

KILLS = int(os.environ.get("KILLS", "100"))
SETTLING_KILLS = STARVED_KILLS = max(1, KILLS // 5)
HOLDERS = 6


async def test_a_hundred_kills_lose_no_acknowledged_trade(tmp_path: Path) -> None:
    """Killed a hundred times under load: every acknowledged order is there once, books and digests are whole."""
    traders = Traders(random.Random(KILLS))
    await pull_the_plug(tmp_path, traders, KILLS)
    assert traders.acknowledged > 3 * KILLS


async def test_kills_of_a_starved_server_lose_no_acknowledged_trade(tmp_path: Path) -> None:
    """The same with two hundred files and silent connections that want them all, before, during and after each kill."""
    traders = Traders(random.Random(11 * KILLS))
    await pull_the_plug(tmp_path, traders, STARVED_KILLS, HunchOfFewFiles, _starving)
    assert traders.acknowledged > 3 * STARVED_KILLS


@asynccontextmanager
async def _starving(server: Server) -> AsyncIterator[None]:
    async with silent_crowd(server.url):
        yield
    assert STARVED in server.complaints


async def test_kills_while_settling_pay_everybody_once(tmp_path: Path) -> None:
    """Killed at a random moment after each resolution: the next life goes on, and in the end all is paid, once."""
    chance = random.Random(7 * KILLS)
    traders = Traders(chance)
    for life in range(SETTLING_KILLS):
        with serve(tmp_path) as server:
            async with client(server.await_ready()) as http:
                if life == 0:
                    await traders.settle_in(http)
                await _decide(http, traders, f"market-{life}", chance)
                await asyncio.sleep(chance.uniform(0, 0.08))
            server.kill()
        assert_whole(tmp_path / "hunch.db")
    with serve(tmp_path) as server:
        async with client(server.await_ready()) as http:
            for life in range(SETTLING_KILLS):
                await _await_final(http, f"market-{life}")
    assert_whole(tmp_path / "hunch.db")
    _assert_paid_once(tmp_path / "hunch.db")


async def _decide(http: httpx.AsyncClient, traders: Traders, slug: str, chance: random.Random) -> None:
    """Publish a market, have some accounts buy, and resolve it."""
    owner = traders.headers("ann")
    draft = {"slug": slug, "name": "Will it?", "liquidity": "1"}
    assert (await http.post("/v1/markets", json=draft, headers=owner)).status_code == 201
    assert (await http.post(f"/v1/markets/{slug}/publish", headers=owner)).status_code == 200
    for account in list(traders.tokens)[1:HOLDERS]:
        order = {"outcome": chance.choice(("YES", "NO")), "side": "buy", "spend": "0.500000"}
        placed = await http.post(f"/v1/markets/{slug}/orders", json=order, headers=traders.headers(account, slug))
        assert placed.status_code == 201, placed.text
    resolution = {"payouts": {"YES": "0.25", "NO": "0.75"}}
    assert (await http.post(f"/v1/markets/{slug}/resolve", json=resolution, headers=owner)).status_code == 202


async def _await_final(http: httpx.AsyncClient, slug: str) -> None:
    for _ in range(600):
        if (await http.get(f"/v1/markets/{slug}")).json()["status"] == "RESOLVED":
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"{slug} is never settled")


def _assert_paid_once(database: Path) -> None:
    """Each holder has one payout in each market, and no decided book has anything left."""
    with reading(database) as connection:
        query = """
            SELECT market, count(*), count(DISTINCT account) FROM journal
            WHERE document ->> '$.kind' = 'payout' GROUP BY market
        """
        payouts = connection.execute(query).fetchall()
        assert len(payouts) == SETTLING_KILLS
        assert {(entries, accounts) for _, entries, accounts in payouts} == {(HOLDERS - 1, HOLDERS - 1)}
        left = "SELECT sum(pool) FROM books WHERE document ->> '$.status' = 'RESOLVED'"
        assert connection.execute(left).fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM positions WHERE market LIKE 'market-%'").fetchone() == (0,)
