"""The limits as `hunch serve` has them."""

import socket
from contextlib import ExitStack
from pathlib import Path

import httpx

from tests.integration.embedded.server import serve
from tests.integration.embedded.starvation import SILENT, STARVED, HunchOfFewFiles


def test_a_server_of_few_files_answers_beside_silent_connections(tmp_path: Path) -> None:
    """190 connections that say nothing keep nobody out, twice in a row; a head that is too large is 431."""
    with serve(tmp_path, run=HunchOfFewFiles) as server, ExitStack() as silent:
        url = server.await_ready()
        address = ("127.0.0.1", httpx.URL(url).port or 0)
        for _ in range(2):
            for _ in range(SILENT):
                silent.enter_context(socket.create_connection(address))
            assert httpx.get(f"{url}/v1/health", timeout=5).json()["status"] == "ok"
        refusal = httpx.get(f"{url}/v1/health", headers=[("A", "b")] * 101)
        assert (refusal.status_code, refusal.json()["code"]) == (431, "headers-too-large")
        assert refusal.json()["instance"] == "/v1/health"
    said = server.complaints.splitlines()
    assert len(said) == 1, "said once"
    assert STARVED in said[0]
