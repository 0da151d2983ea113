"""Clients that go away in the middle of their request."""

import logging
from typing import Any

import pytest

from functions.adapter.in_.http.application import Envelope
from functions.adapter.in_.http.messages import Request


async def test_a_client_that_goes_away_in_its_body_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody can be answered and nothing is wrong here, so nothing is logged: certainly no stack trace."""
    messages = iter([{"type": "http.request", "body": b'{"acc', "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def send(_: object) -> None:
        raise AssertionError("nobody is there to be answered")

    async def read_body(scope: Any, receive: Any, _: object) -> None:
        await Request(scope, receive).read_body(100)

    scope = {"type": "http", "method": "POST", "path": "/v1/dev/sign-in", "headers": []}
    with caplog.at_level(logging.DEBUG):
        await Envelope(read_body)(scope, receive, send)
    assert [record for record in caplog.records if record.name.startswith("functions")] == []
