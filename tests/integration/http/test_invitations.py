"""Invitations: how a classroom comes in, without an issuer."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from domain.model.kernel.notation import format_time
from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

LATER = timedelta(hours=2)


async def invite(api: Api, count: int = 30, admin: Caller | None = None) -> Json:
    """A new invitation of an admin's."""
    admin = admin or await api.open_account("admin")
    body = {"count": count, "expires_at": format_time(api.clock.now() + LATER)}
    content: Json = answer(await admin.send("POST", "/v1/invitations", body=body), 201)
    return content


def token_of(invitation: Json) -> str:
    """What follows the # of the link."""
    token: str = invitation["url"].partition("#")[2]
    return token


async def accept(api: Api, token: str, name: str = "Ada Lovelace") -> httpx.Response:
    """Somebody opens the link and picks a name."""
    return await api.anyone.send("POST", "/v1/invitations/accept", body={"invitation": token, "name": name})


async def admitted(api: Api, token: str, name: str = "Ada Lovelace") -> Caller:
    """Somebody who has come in."""
    response = await accept(api, token, name)
    content = answer(response, 201)
    assert content.keys() == {"account", "name", "token"}
    assert response.headers["Cache-Control"] == "no-store"
    return Caller(api.http, content["account"], {"Authorization": f"Bearer {content['token']}"})


async def test_somebody_comes_in(api: Api) -> None:
    """The link leads to an account with the starting grant, which trades like any other and is no admin."""
    invitation = await invite(api)
    assert invitation.keys() == {"id", "count", "used", "roles", "created_at", "expires_at", "url"}
    assert invitation["url"].startswith("http://127.0.0.1:8000/invitation#")
    person = await admitted(api, token_of(invitation), "Grace Hopper")
    assert person.account == "grace-hopper"
    assert (await person.portfolio())["balance"] == "1000.000000"
    (entry,) = await person.items("/v1/portfolio/journal")
    assert entry["kind"] == "starting-grant"
    answer(await person.order(await api.published_market(), quantity="1"), 201)
    problem(await person.grant(person.account), 403, "forbidden")


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("Émilie du Châtelet", "emilie-du-chatelet"),
        ("R2--D2!", "r2-d2"),
        ("x" * 40, "x" * 40),
        ("House", "house-2"),
        ("山田", "shantian"),
        ("🙂", "slight-smile"),
        ("a" * 38 + " b", "a" * 38 + "-b"),
    ],
)
async def test_names_become_accounts(api: Api, name: str, account: str) -> None:
    """Plain letters and digits; nobody gets a name that the ledger keeps for itself."""
    assert (await admitted(api, token_of(await invite(api)), name)).account == account


@pytest.mark.contract("invitations")
async def test_two_of_one_name(api: Api) -> None:
    """Each has an account, also besides one that was there before."""
    existing = await api.open_account(account="niels")
    before = await existing.portfolio()
    token = token_of(await invite(api))
    people = [await admitted(api, token, "Niels") for _ in range(12)]
    names = [person.account for person in people]
    assert names[:9] == [f"niels-{number}" for number in range(2, 11)]
    assert len(set(names)) == 12
    assert await existing.portfolio() == before


async def test_only_so_many(fresh_api: Api) -> None:
    """Of twenty at once five come in, each once, and nobody else has an account or a grant."""
    invitation = await invite(fresh_api, count=5)
    responses = await asyncio.gather(*(accept(fresh_api, token_of(invitation), "Ann") for _ in range(20)))
    codes = [response.status_code for response in responses]
    assert codes.count(201) == 5
    assert {code for code in codes if code != 201} == {403}
    assert len({response.json()["account"] for response in responses if response.status_code == 201}) == 5
    admin = await fresh_api.open_account("admin")
    assert [(item["count"], item["used"]) for item in await admin.items("/v1/invitations")] == [(5, 5)]
    problem(await accept(fresh_api, token_of(invitation)), 403, "forbidden")


async def test_only_so_long(fresh_api: Api) -> None:
    """From the instant that it names on it admits nobody; who is in stays in, for half a year."""
    invitation = await invite(fresh_api)
    person = await admitted(fresh_api, token_of(invitation))
    fresh_api.clock.advance(LATER)
    problem(await accept(fresh_api, token_of(invitation)), 403, "forbidden")
    await person.portfolio()
    fresh_api.clock.advance(timedelta(days=180))
    problem(await person.get("/v1/portfolio"), 401, "unauthenticated")


async def test_a_revoked_invitation(api: Api) -> None:
    """DELETE → 204: nobody more comes in, and who is in stays."""
    admin = await api.open_account("admin")
    invitation = await invite(api, admin=admin)
    person = await admitted(api, token_of(invitation))
    response = await admin.send("DELETE", f"/v1/invitations/{invitation['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    problem(await accept(api, token_of(invitation)), 403, "forbidden")
    await person.portfolio()
    problem(await admin.send("DELETE", f"/v1/invitations/{invitation['id']}"), 404, "not-found")
    problem(await admin.send("DELETE", "/v1/invitations/accept"), 405, "method-not-allowed")


async def test_tokens_that_are_none(api: Api) -> None:
    """Forged, cut, of another invitation or for another purpose: 403, with the same words as for a revoked one."""
    invitation, other = await invite(api), await invite(api)
    token, others = token_of(invitation), token_of(other)
    person = await admitted(api, token)
    session = person.credential["Authorization"].removeprefix("Bearer ")
    id_, signature = token.split(".")
    bad = (
        id_,
        f"{id_}.",
        f"{id_}.{others.split('.')[1]}",
        f"{'0' * 28}.{signature}",
        f"{id_}.{signature[:-1]}",
        f"{id_}.{signature}A",
        f".{signature}",
        session[:200],
        "x",
        "\u00e9.\u00e9",
    )
    details = {problem(await accept(api, one), 403, "forbidden")["detail"] for one in bad}
    assert len(details) == 1
    for wrong in (token, f"hs_{token}", session[:-1], f"{session}A"):
        headers = {"Authorization": f"Bearer {wrong}"}
        problem(await api.http.get("/v1/portfolio", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "Ann"}, "invitation"),
        ({"invitation": "x"}, "name"),
        ({"invitation": "", "name": "Ann"}, "invitation"),
        ({"invitation": "x" * 201, "name": "Ann"}, "invitation"),
        ({"invitation": "x", "name": " "}, "name"),
        ({"invitation": "x", "name": "a" * 121}, "name"),
        ({"invitation": "x", "name": "a\x00"}, "name"),
        ({"invitation": 1, "name": "Ann"}, "invitation"),
        ({"invitation": "x", "name": "Ann", "account": "root"}, "account"),
        ({"invitation": "x", "name": "Ann", "roles": ["admin"]}, "roles"),
    ],
)
async def test_acceptances_are_validated(api: Api, body: Json, field: str) -> None:
    """400 names the member."""
    response = await api.anyone.send("POST", "/v1/invitations/accept", body=body)
    problem(response, 400, "validation-failed", [field])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 10_001}, "count"),
        ({"count": "3"}, "count"),
        ({"count": 1.5}, "count"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"roles": ["admin"]}, "roles"),
    ],
)
async def test_invitations_are_validated(api: Api, changed: dict[str, Any], field: str) -> None:
    """400 names the member, before anybody asks whether the caller may."""
    trader = await api.open_account()
    body = {"count": 1, "expires_at": "2999-01-01T00:00:00Z", **changed}
    problem(await trader.send("POST", "/v1/invitations", body=body), 400, "validation-failed", [field])


@pytest.mark.contract("invitations")
async def test_invitations_are_the_admins(api: Api) -> None:
    """403 to everybody else, for one that is there and for one that is not."""
    invitation, trader = await invite(api), await api.open_account()
    body = {"count": 1, "expires_at": "2999-01-01T00:00:00Z"}
    details = set()
    for method, path in (
        ("POST", "/v1/invitations"),
        ("GET", "/v1/invitations"),
        ("DELETE", f"/v1/invitations/{invitation['id']}"),
        ("DELETE", f"/v1/invitations/{'0' * 28}"),
    ):
        response = await trader.send(method, path, body=body if method == "POST" else None)
        details.add(problem(response, 403, "forbidden")["detail"])
    assert len(details) == 1
