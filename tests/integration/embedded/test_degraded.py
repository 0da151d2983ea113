"""What the server says while nothing can be written: the truth, to those who ask and to those who write."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from functions.adapter.out.sqlite import condition, writer
from functions.adapter.out.sqlite.database import Database
from functions.embedded.app import create_app


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    monkeypatch.setattr(writer, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(writer, "PROBE_SECONDS", 0.01)
    monkeypatch.setattr(condition, "FRESH_SECONDS", 0.0)


@asynccontextmanager
async def serving(path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, Database]]:
    """A server in this process, with somebody signed in."""
    with Database.open(path) as database:
        transport = httpx.ASGITransport(create_app(database))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            token = (await http.post("/v1/dev/sign-in", json={"account": "ann"})).json()["token"]
            http.headers["Authorization"] = f"Bearer {token}"
            yield http, database


async def draft(http: httpx.AsyncClient, slug: str) -> httpx.Response:
    """Something that has to be written."""
    content = {"slug": slug, "name": "Will it rain?", "description": "x" * 9000}
    return await http.post("/v1/markets", json=content, headers={"Idempotency-Key": slug})


def assert_degraded(response: httpx.Response, reason: str) -> None:
    """The problem of the contract."""
    problem: dict[str, Any] = response.json()
    assert (response.status_code, problem["status"], problem["code"]) == (503, 503, "degraded")
    assert reason in problem["detail"]
    assert int(response.headers["Retry-After"]) > 0
    assert response.headers["content-type"] == "application/problem+json"


async def until_well(http: httpx.AsyncClient) -> None:
    """Come back once it says that it is well; a failure when that takes long."""
    for _ in range(200):
        if (await http.get("/v1/health")).status_code == 200:
            return
    raise AssertionError("it does not recover")


async def test_a_full_disk(tmp_path: Path) -> None:
    """Health and writes are 503 degraded, reads go on, nothing is half done, and all is well once there is room."""
    async with serving(tmp_path / "hunch.db") as (http, database):
        assert (await http.get("/v1/health")).json()["status"] == "ok"
        assert (await http.post("/v1/accounts", headers={"Idempotency-Key": "1"})).status_code == 201
        database.write_now(lambda connection: connection.execute("PRAGMA max_page_count = 1").fetchone())
        responses = [await draft(http, f"rain-{number}") for number in range(5)]
        assert responses[-1].status_code == 503
        assert_degraded(responses[-1], "the disk that holds the database is full")
        health = await http.get("/v1/health")
        assert_degraded(health, "the disk that holds the database is full")
        assert (await http.head("/v1/health")).status_code == 503
        for path in ("/v1/markets", "/v1/portfolio", "/v1/audit"):
            assert (await http.get(path)).status_code == 200
        database.write_now(lambda connection: connection.execute("PRAGMA max_page_count = 1000000").fetchone())
        await until_well(http)
        assert (await draft(http, "rain-4")).status_code == 201


async def test_a_file_that_another_process_holds(tmp_path: Path) -> None:
    """The same of a lock, whether or not anybody has tried to write."""
    async with serving(tmp_path / "hunch.db") as (http, _):
        assert (await http.post("/v1/accounts", headers={"Idempotency-Key": "1"})).status_code == 201
        with closing(sqlite3.connect(tmp_path / "hunch.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert_degraded(await http.get("/v1/health"), "another process keeps the database locked")
            assert_degraded(await draft(http, "rain"), "another process keeps the database locked")
            assert (await http.get("/v1/portfolio")).status_code == 200
        await until_well(http)
        assert (await draft(http, "rain")).status_code == 201
