"""One mechanism on every POST: whatever the registry has, but for those that the contract names, honours a key."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

import httpx
import pytest

from functions.registry import HTTP_TRIGGERS
from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.conftest import StartApp
from tests.integration.http.contract import Json, answer, problem

WITHOUT_KEYS = {
    "create_webhook",
    "rotate_webhook_secret",
    "enable_webhook",
    "quote",
    "create_api_key",
    "create_invitation",
    "accept_invitation",
    "create_sign_in_link",
    "accept_sign_in_link",
}
"""Quotes, sign-in, invitations, api-keys, webhooks and sign-in links take no notice of a key."""
WITHOUT_BODIES = {"revoke_credentials", "revoke_my_credentials"}
"""These end credentials and answer with nothing; test_people repeats them."""
POSTS = {name: trigger for name, trigger in HTTP_TRIGGERS.items() if trigger.method == "POST"}
HONOURED = sorted(POSTS.keys() - WITHOUT_KEYS - WITHOUT_BODIES)


class Request(NamedTuple):
    """A request that succeeds.

    Args:
        by: who sends it.
        path: the parameters of its path.
        body: its body; None for none.
        other: another body that the route takes; None where there is none.
        roles: of its sender.
    """

    by: Caller
    path: Mapping[str, str]
    body: Json | None = None
    other: Json | None = None
    roles: tuple[str, ...] = ()


async def _open_account(api: Api) -> Request:
    return Request(await api.sign_in(), {})


async def _grant_credits(api: Api) -> Request:
    admin = await api.open_account("admin")
    body = {"amount": "5", "reason": "Won the quiz."}
    return Request(admin, {"account": admin.account}, body, {**body, "amount": "6"}, ("admin",))


async def _create_market(api: Api) -> Request:
    body = {"slug": api.name("market"), "name": "Will it rain?"}
    return Request(await api.open_account(), {}, body, {**body, "name": "Will it snow?"})


async def _publish_market(api: Api) -> Request:
    creator = await api.open_account()
    return Request(creator, {"slug": await api.draft(creator)})


async def _close_market(api: Api) -> Request:
    creator = await api.open_account()
    return Request(creator, {"slug": await api.published_market(creator)})


async def _reopen_market(api: Api) -> Request:
    request = await _close_market(api)
    answer(await request.by.close(request.path["slug"]), 200)
    return request._replace(body={"closes_at": None}, other={"closes_at": "2100-01-01T00:00:00Z"})


async def _void_market(api: Api) -> Request:
    creator = await api.open_account("admin")
    slug = await api.published_market(creator)
    return Request(creator, {"slug": slug}, {"reason": "No umpire came."}, {"reason": "It rained."}, ("admin",))


async def _resolve_market(api: Api) -> Request:
    request = await _close_market(api)
    return request._replace(body={"outcome": "YES"}, other={"outcome": "NO"})


async def _clarify_market(api: Api) -> Request:
    request = await _close_market(api)
    return request._replace(body={"text": "Snow counts."}, other={"text": "Hail counts."})


async def _withdraw_resolution(api: Api) -> Request:
    request = await _close_market(api)
    answer(await request.by.resolve(request.path["slug"], outcome="YES"), 202)
    return request


async def _post_comment(api: Api) -> Request:
    request = await _close_market(api)
    return request._replace(body={"text": "Sun!"}, other={"text": "Rain!"})


async def _place_order(api: Api) -> Request:
    body = {"outcome": "YES", "side": "buy", "quantity": "1"}
    return Request(await api.open_account(), {"slug": await api.published_market()}, body, {**body, "quantity": "2"})


async def _change_person(api: Api) -> Request:
    admin, person = await api.open_account("admin"), await api.open_account()
    return Request(admin, {"account": person.account}, roles=("admin",))


SETTINGS: Mapping[str, Mapping[str, str]] = {"withdraw_resolution": {"appeal_minutes": "60"}}
"""What an instance has to be set to for the request to succeed."""

REQUESTS: Mapping[str, Callable[[Api], Awaitable[Request]]] = {
    "open_account": _open_account,
    "suspend_account": _change_person,
    "restore_account": _change_person,
    "forget_account": _change_person,
    "grant_credits": _grant_credits,
    "create_market": _create_market,
    "publish_market": _publish_market,
    "close_market": _close_market,
    "reopen_market": _reopen_market,
    "void_market": _void_market,
    "resolve_market": _resolve_market,
    "clarify_market": _clarify_market,
    "withdraw_resolution": _withdraw_resolution,
    "post_comment": _post_comment,
    "place_order": _place_order,
}


async def send(name: str, request: Request, body: Json | None, key: str) -> httpx.Response:
    """The request with that body and that key."""
    return await request.by.post(POSTS[name].path.format(**request.path), body, key=key)


def test_every_post_is_here() -> None:
    """A POST that comes to the registry comes to this file as well, or is one of those that the contract excepts."""
    assert REQUESTS.keys() == set(HONOURED)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.contract("idempotency", "keys that cannot be used")
@pytest.mark.parametrize("name", HONOURED)
async def test_a_key_is_honoured(start_app: StartApp, name: str) -> None:
    """Same key and request: the first 2xx again, for seven days; another request under it: 422."""
    async with start_app(**SETTINGS.get(name, {})) as fresh_api:
        await _check_key(fresh_api, name)


async def _check_key(fresh_api: Api, name: str) -> None:
    request, key = await REQUESTS[name](fresh_api), new_key()
    first = await send(name, request, request.body, key)
    answer(first, POSTS[name].status)
    assert "Idempotency-Replayed" not in first.headers
    for passed in (timedelta(), timedelta(days=7) - timedelta(minutes=1)):
        fresh_api.clock.advance(passed)
        # The token of the first time has expired by now.
        request = request._replace(by=await fresh_api.sign_in(*request.roles, account=request.by.account))
        again = await send(name, request, request.body, key)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers["Idempotency-Replayed"] == "true"
    if request.other is not None:
        problem(await send(name, request, request.other, key), 422, "idempotency-key-reused")
    elsewhere = await request.by.post("/v1/markets", {"slug": "other", "name": "Will it hail?"}, key=key)
    problem(elsewhere, 422, "idempotency-key-reused")
