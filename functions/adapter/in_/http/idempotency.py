"""The Idempotency-Key header: by what a request is known again."""

import hashlib
import json
import secrets
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from domain.model.kernel.command import Idempotency
from functions.adapter.in_.http.problem_details import IDEMPOTENCY_KEY, invalid

REPLAYED_HEADER = "Idempotency-Replayed"

_DESCRIPTION = "Your own name for this request: repeated with the same key it is done once."
_VISIBLE = r"^[!-~]*$"

_RequiredHeader = Annotated[
    str, Header(alias=IDEMPOTENCY_KEY, min_length=1, max_length=255, pattern=_VISIBLE, description=_DESCRIPTION)
]
_OptionalHeader = Annotated[
    str, Header(alias=IDEMPOTENCY_KEY, max_length=255, pattern=_VISIBLE, description=_DESCRIPTION)
]


async def _required(request: Request, key: _RequiredHeader) -> Idempotency:
    return await _identify(request, key)


async def _optional(request: Request, key: _OptionalHeader = "") -> Idempotency:
    return await _identify(request, key or secrets.token_hex())


async def _identify(request: Request, key: str) -> Idempotency:
    if len(request.headers.getlist(IDEMPOTENCY_KEY)) > 1:
        raise invalid(IDEMPOTENCY_KEY, "must be sent once")
    content = await request.json()
    body = json.dumps(content, sort_keys=True, separators=(",", ":"))
    asked = f"{request.method}\n{request.url.path}\n{body}"
    return Idempotency(key, hashlib.sha256(asked.encode()).hexdigest())


RequiredKey = Annotated[Idempotency, Depends(_required)]
"""For endpoints that may not be called without a key."""

OptionalKey = Annotated[Idempotency, Depends(_optional)]
"""For endpoints that honour a key; without one every request is its own."""


def mark_replay(response: Response, *, replayed: bool) -> None:
    """Say of an answer that it was given before."""
    if replayed:
        response.headers[REPLAYED_HEADER] = "true"
