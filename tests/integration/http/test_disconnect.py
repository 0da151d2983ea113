"""Clients that go away in the middle of their request."""

import logging
from typing import Any

import pytest

from functions.adapter.in_.http.application import Envelope, create_http_app
from functions.embedded.developer_sign_in import SIGN_IN, DeveloperTokens, create_router
from tests.integration.http.client import Clock


async def test_a_client_that_goes_away_in_its_body_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody can be answered and nothing is wrong here, so nothing is logged: certainly no stack trace."""
    tokens = DeveloperTokens("secret" * 8, Clock())
    app = Envelope(create_http_app([create_router(tokens)], [SIGN_IN], tokens, version="1"))
    messages = iter([{"type": "http.request", "body": b'{"acc', "more_body": True}, *[{"type": "http.disconnect"}] * 5])

    async def receive() -> Any:
        return next(messages)

    async def send(_: object) -> None:
        return

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/dev/sign-in",
        "raw_path": b"/v1/dev/sign-in",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json"), (b"content-length", b"20")],
    }
    with caplog.at_level(logging.DEBUG):
        await app(scope, receive, send)
    assert [record.name for record in caplog.records if record.levelno >= logging.WARNING] == []
