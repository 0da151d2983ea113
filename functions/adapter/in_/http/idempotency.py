"""The Idempotency-Key header: by what a request is known again."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from inspect import Parameter
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from domain.model.kernel.command import Idempotency
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.problem_details import IDEMPOTENCY_KEY, invalid

REPLAYED_HEADER = "Idempotency-Replayed"

_DESCRIPTION = "Your own name for this request: repeated with the same key it is done once."
_VISIBLE = r"^[!-~]*$"
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


class KeyHeader(NamedTuple):
    """Annotates a parameter that says how the request is known again.

    Args:
        kind: the annotated type of the header's text.
        default: the text where there is none; ``Parameter.empty`` where there has to be one.
    """

    kind: Any
    default: object
    name: str = IDEMPOTENCY_KEY


_REQUIRED = KeyHeader(
    Annotated[str, Field(min_length=1, max_length=255, pattern=_VISIBLE, description=_DESCRIPTION)], Parameter.empty
)
_OPTIONAL = KeyHeader(Annotated[str, Field(max_length=255, pattern=_VISIBLE, description=_DESCRIPTION)], "")

RequiredKey = Annotated[Idempotency, _REQUIRED]
"""For endpoints that may not be called without a key."""

OptionalKey = Annotated[Idempotency, _OPTIONAL]
"""For endpoints that honour a key; without one every request is its own."""


def identify(request: Request, sent: Sequence[str], key: str, body: object) -> Idempotency:
    """How a request is known again.

    Args:
        request: the request.
        sent: every key that came with it.
        key: the one that counts; empty for a key that nobody else has.
        body: the object that its body holds; None without a body, which asks the same as an empty object.

    Raises:
        ProblemError: there are several keys.
    """
    if len(sent) > 1:
        raise invalid(IDEMPOTENCY_KEY, "must be sent once")
    asked = f"{request.method}\n{request.path}\n{_encode(body or {})}"
    return Idempotency(key or secrets.token_hex(), hashlib.sha256(asked.encode()).hexdigest())


def mark_replay(response: Response, *, replayed: bool) -> None:
    """Say of an answer that it was given before."""
    if replayed:
        response.headers[REPLAYED_HEADER] = "true"
