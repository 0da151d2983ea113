"""Conditional reads: an entity tag for what was read, and 304 for whoever has it already."""

import hashlib
from collections.abc import Callable, Iterable
from http import HTTPStatus

from functions.adapter.in_.http.messages import JSON, Request, Response

_ANONYMOUS = "public, max-age=1"
_IDENTIFIED = "private, no-cache"


def entity_tag(parts: Iterable[bytes]) -> str:
    """The tag of what is made from these parts, whatever bytes are in them."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return f'"{digest.hexdigest()[:32]}"'


def tagged_answer(request: Request, tag: str, render: Callable[[], bytes]) -> Response:
    """The answer to a read whose entity tag is known before its JSON is rendered; not rendered where the client has it.

    Args:
        request: the request.
        tag: the entity tag; it changes whenever one byte of the JSON would.
        render: the JSON.
    """
    headers = {"ETag": tag}
    if is_named(request.header("if-none-match"), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(render(), media_type=JSON, headers=headers)


def make_cacheable(request: Request, response: Response, *, is_identified: bool) -> Response:
    """The answer to a read, with its entity tag; without its body where the client has that already.

    Args:
        request: the request, whose If-None-Match may name tags, weak ones too, or ``*``.
        response: the answer; where it says itself how long anybody may keep it, or has a tag, that stands.
        is_identified: whether the request carries a credential: then no shared cache may keep the answer.
    """
    if is_identified:
        response.headers["Cache-Control"] = _IDENTIFIED
    else:
        response.headers.setdefault("Cache-Control", _ANONYMOUS)
    response.headers["Vary"] = "Authorization"
    if response.status_code != HTTPStatus.OK:
        return response
    tag = response.headers.get("ETag") or entity_tag([response.body])
    response.headers["ETag"] = tag
    if not is_named(request.header("if-none-match"), tag):
        return response
    kept = {name: response.headers[name] for name in ("ETag", "Cache-Control", "Vary")}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)


def is_named(headers: list[str], tag: str) -> bool:
    """Whether a list of entity tags names this one; weak and strong ones compare alike."""
    named = [candidate.strip().removeprefix("W/") for header in headers for candidate in header.split(",")]
    return tag in named or "*" in named


def forbid_caching(response: Response) -> None:
    """Say of an answer that carries a secret that nobody may keep it."""
    response.headers["Cache-Control"] = "no-store"
