"""Comments under markets."""

from typing import Any

import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _path(slug: str) -> str:
    return f"/v1/markets/{slug}/comments"


@pytest.mark.contract("comments")
async def test_comments(api: Api) -> None:
    """→ 201 the comment, listed newest first for everybody; `holding` is null or the author's largest."""
    author, slug = await api.open_account(), await api.published_market()
    first = answer(await author.post(_path(slug), {"text": " Łukasz says: 🌧\n<script> "}), 201)
    assert first.keys() == {"id", "market", "account", "text", "holding", "created_at"}
    assert (first["market"], first["account"], first["holding"]) == (slug, author.account, None)
    assert first["text"] == " Łukasz says: 🌧\n<script> "
    answer(await author.order(slug, "NO", quantity="2.5"), 201)
    second = answer(await author.post(_path(slug), {"text": "I bought."}), 201)
    assert second["holding"] == {"outcome": "NO", "quantity": "2.500000"}
    assert await api.anyone.items(_path(slug), limit=1) == [second, first]


@pytest.mark.contract("delete comment", "404")
async def test_delete(api: Api) -> None:
    """By its author, or an admin; others 403 → 204, gone from the list; unknown: 404 comment-not-found."""
    author, other, admin = await api.open_account(), await api.open_account(), await api.open_account("admin")
    slug = await api.published_market()
    paths = [
        f"{_path(slug)}/{answer(await author.post(_path(slug), {'text': text}), 201)['id']}" for text in ("one", "two")
    ]
    problem(await other.send("DELETE", paths[0]), 403, "forbidden")
    problem(await api.anyone.send("DELETE", paths[0]), 401, "unauthenticated")
    for by, path in ((author, paths[0]), (admin, paths[1])):
        response = await by.send("DELETE", path)
        assert (response.status_code, response.content) == (204, b"")
        problem(await by.send("DELETE", path), 404, "comment-not-found")
    assert await api.anyone.items(_path(slug)) == []
    problem(await author.send("DELETE", f"{_path(slug)}/x"), 404, "comment-not-found")
    problem(await author.send("DELETE", f"{_path('nowhere')}/x"), 404, "market-not-found")


@pytest.mark.contract("comments")
async def test_drafts(api: Api) -> None:
    """Not on a DRAFT (market-not-open), which is not there for others."""
    creator, other = await api.open_account(), await api.open_account()
    draft = await api.draft(creator)
    problem(await creator.post(_path(draft), {"text": "x"}), 409, "market-not-open")
    problem(await other.post(_path(draft), {"text": "x"}), 404, "market-not-found")
    problem(await other.get(_path(draft)), 404, "market-not-found")
    assert await creator.items(_path(draft)) == []


@pytest.mark.contract("429")
async def test_rate_limit(api: Api) -> None:
    """Ten a minute: the next is 429 with Retry-After, and is not written."""
    author, slug = await api.open_account(), await api.published_market()
    for number in range(10):
        answer(await author.post(_path(slug), {"text": f"Number {number}."}), 201)
    response = await author.post(_path(slug), {"text": "One more."})
    problem(response, 429, "too-many-requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 6
    assert len(await author.items(_path(slug))) == 10


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\u3000"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "\x00"}, "text"),
        ({"text": None}, "text"),
        ({"text": 1}, "text"),
        ({"text": "x", "holding": None}, "holding"),
    ],
)
async def test_body_is_validated(member: Caller, open_market: str, body: Any, field: str) -> None:
    """`text` 1–2 000, not only white space, and no other member; told before 404."""
    for slug in (open_market, "nowhere"):
        problem(await member.post(_path(slug), body), 400, "validation-failed", [field])


async def test_longest_text(api: Api) -> None:
    """A character is a code point: 2 000 of four bytes fit."""
    author, slug = await api.open_account(), await api.published_market()
    assert answer(await author.post(_path(slug), {"text": "𐍈" * 2000}), 201)["text"] == "𐍈" * 2000
