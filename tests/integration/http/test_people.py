"""Ending and restoring somebody's access, over HTTP; what decides it is tested by itself."""

from datetime import timedelta

import pytest

from domain.model.kernel.notation import format_time
from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import Json, answer, problem
from tests.integration.http.test_invitations import accept, invite, token_of

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def guest(api: Api) -> Caller:
    """Somebody who came by an invitation."""
    content = answer(await accept(api, token_of(await invite(api))), 201)
    return Caller(api.http, content["account"], {"Authorization": f"Bearer {content['token']}"})


async def key_of(owner: Caller, *scopes: str) -> Caller:
    """A program of theirs."""
    made = answer(await owner.send("POST", "/v1/api-keys", body={"name": "bot", "scopes": list(scopes)}), 201)
    return Caller(owner.http, owner.account, {"Authorization": f"Key {made['key']}"})


async def link_for(by: Caller, account: str) -> Json:
    """A sign-in link."""
    response = await by.send("POST", f"/v1/accounts/{account}/sign-in-links", body={})
    link: Json = answer(response, 201)
    assert link.keys() == {"url", "expires_at"}
    assert response.headers["Cache-Control"] == "no-store"
    return link


async def accepted(api: Api, link: Json) -> Caller:
    """Whoever opens the link."""
    body = {"link": link["url"].partition("#")[2]}
    content = answer(await api.anyone.send("POST", "/v1/sign-in-links/accept", body=body), 200)
    assert content.keys() == {"account", "token"}
    return Caller(api.http, content["account"], {"Authorization": f"Bearer {content['token']}"})


@pytest.mark.contract("people")
async def test_people_are_listed_once(fresh_api: Api) -> None:
    """Every account, page by page, with its balance and whether it is suspended; for admins."""
    admin = await fresh_api.open_account("admin")
    others = {(await fresh_api.open_account()).account for _ in range(4)}
    met: list[Json] = []
    cursor: str | None = ""
    while cursor is not None:
        page = answer(await admin.get(f"/v1/people?limit=2{'&cursor=' + cursor if cursor else ''}"), 200)
        met += page["people"]
        cursor = page["cursor"]
    assert sorted(person["account"] for person in met) == sorted({admin.account, *others})
    assert met[0].keys() == {"account", "name", "balance", "created_at", "suspended"}
    assert {(person["balance"], person["suspended"]) for person in met} == {("1000.000000", False)}
    problem(await (await fresh_api.open_account()).get("/v1/people"), 403, "forbidden")


@pytest.mark.contract("people")
async def test_who_came_by_an_invitation(fresh_api: Api) -> None:
    """Page by page, those alone whom it admitted: as many as it says were; a cursor is good for that list only."""
    admin = await fresh_api.open_account("admin")
    invitation = await invite(fresh_api, admin=admin)
    came = {answer(await accept(fresh_api, token_of(invitation)), 201)["account"] for _ in range(3)}
    path, met = f"/v1/people?limit=1&invitation={invitation['id']}", list[str]()
    cursor: str | None = ""
    while cursor is not None:
        page = answer(await admin.get(path + (f"&cursor={cursor}" if cursor else "")), 200)
        met += [person["account"] for person in page["people"]]
        cursor = page["cursor"]
    listed = answer(await admin.get("/v1/invitations"), 200)["invitations"]
    assert sorted(met) == sorted(came)
    assert [each["used"] for each in listed if each["id"] == invitation["id"]] == [len(met)]
    first = answer(await admin.get("/v1/people?limit=1"), 200)["cursor"]
    problem(await admin.get(f"{path}&cursor={first}"), 400, "invalid-cursor")
    problem(await admin.get("/v1/people?invitation=all"), 400, "validation-failed")


async def test_suspending_and_restoring(api: Api) -> None:
    """A suspended account is refused wherever an account is needed, by every credential, and reads what all may."""
    admin, person = await api.open_account("admin"), await api.open_account()
    bot, slug = await key_of(person, "read"), await api.published_market()
    suspended = answer(await admin.send("POST", f"/v1/people/{person.account}/suspend"), 200)
    assert suspended["suspended"] is True
    for caller in (person, bot):
        problem(await caller.get("/v1/portfolio"), 403, "forbidden")
        answer(await caller.get(f"/v1/markets/{slug}"), 200)
    restored = answer(await admin.send("POST", f"/v1/people/{person.account}/restore"), 200)
    assert restored == {**suspended, "suspended": False}
    answer(await bot.get("/v1/portfolio"), 200)
    problem(await admin.send("POST", "/v1/people/nobody-here/suspend"), 404, "account-not-found")
    problem(await admin.send("POST", f"/v1/people/{admin.account}/suspend"), 403, "forbidden")


async def test_revoking_credentials(api: Api) -> None:
    """By an admin or by oneself: sessions, keys and links made before are void, later ones are good; no key may."""
    admin = await api.open_account("admin")
    for path in ("/v1/people/{account}/revoke-credentials", "/v1/me/revoke-credentials"):
        person = await guest(api)
        bot, link = await key_of(person, "read", "trade"), await link_for(person, person.account)
        problem(await bot.send("POST", "/v1/me/revoke-credentials"), 403, "forbidden")
        by = admin if "people" in path else person
        ends, key = path.format(account=person.account), new_key()
        assert (await by.post(ends, key=key)).status_code == 204
        for caller in (person, bot):
            problem(await caller.get("/v1/portfolio"), 401, "unauthenticated")
        body = {"link": link["url"].partition("#")[2]}
        refused = await api.anyone.send("POST", "/v1/sign-in-links/accept", body=body)
        problem(refused, 401, "unauthenticated")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        back = await accepted(api, await link_for(admin, person.account))
        assert (await back.portfolio())["account"] == person.account
        again = await (by if by is admin else back).post(ends, key=key)
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (204, "true")
        assert (await back.portfolio())["account"] == person.account


async def test_sign_in_links(api: Api) -> None:
    """Once; by the owner or an admin; a session that came by a young link makes no other, nor by a key; no key does."""
    admin, person = await api.open_account("admin"), await guest(api)
    link = await link_for(person, person.account)
    back = await accepted(api, link)
    assert back.account == person.account
    path = f"/v1/accounts/{person.account}/sign-in-links"
    again = await api.anyone.send("POST", "/v1/sign-in-links/accept", body={"link": link["url"].partition("#")[2]})
    problem(again, 401, "unauthenticated")
    keys = [await key_of(person, "read", "trade"), await key_of(back, "read", "trade"), await key_of(admin, "admin")]
    for caller in (back, await api.open_account(), *keys):
        problem(await caller.send("POST", path, body={}), 403, "forbidden")
    for days, status in ((31, 400), (29, 201)):
        body = {"expires_at": format_time(api.clock.now() + timedelta(days=days))}
        assert (await admin.send("POST", path, body=body)).status_code == status
    problem(await admin.send("POST", "/v1/accounts/nobody-here/sign-in-links"), 404, "account-not-found")


@pytest.mark.contract("sign-in links")
async def test_a_link_into_an_account_that_came_otherwise(api: Api) -> None:
    """Whoever signs in another way has that way back: 403, whoever asks."""
    admin, person = await api.open_account("admin"), await api.open_account()
    for caller in (admin, person):
        path = f"/v1/accounts/{person.account}/sign-in-links"
        problem(await caller.send("POST", path, body={}), 403, "forbidden")


async def test_the_life_of_an_admins_key(api: Api) -> None:
    """90 days at most, also where nobody says how long."""
    admin = await api.open_account("admin")
    body = {"name": "bot", "scopes": ["admin"]}
    made = answer(await admin.send("POST", "/v1/api-keys", body=body), 201)
    assert made["expires_at"] is not None
    late = {**body, "expires_at": format_time(api.clock.now() + timedelta(days=90, minutes=1))}
    problem(await admin.send("POST", "/v1/api-keys", body=late), 400, "validation-failed", ["expires_at"])


async def test_forgetting(api: Api) -> None:
    """Name, comments and credentials are gone for good; the trades stay under the id; again: the same."""
    admin, person, slug = await api.open_account("admin"), await guest(api), await api.published_market()
    answer(await person.order(slug, "YES", quantity="3"), 201)
    bot, link = await key_of(person, "read"), await link_for(person, person.account)
    answer(await person.post(f"/v1/markets/{slug}/comments", {"text": "Sun!"}), 201)
    path, key = f"/v1/people/{person.account}/forget", new_key()
    first = await admin.post(path, key=key)
    content = answer(first, 200)
    assert content.keys() == {"account", "forgotten_at", "removed"}
    assert content["removed"] == {"comments": 1, "drafts": 0, "api_keys": 1, "webhooks": 0, "sign_in_links": 1}
    again = await admin.post(path, key=key)
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (content, "true")
    assert answer(await admin.post(path), 200) == content
    for caller in (person, bot):
        problem(await caller.get("/v1/portfolio"), 401, "unauthenticated")
    used = await api.anyone.send("POST", "/v1/sign-in-links/accept", body={"link": link["url"].partition("#")[2]})
    problem(used, 401, "unauthenticated")
    public = answer(await api.anyone.get(f"/v1/accounts/{person.account}"), 200)
    assert public["name"] == person.account
    assert answer(await api.anyone.get(f"/v1/markets/{slug}/comments"), 200)["comments"] == []
    (trade,) = answer(await api.anyone.get(f"/v1/accounts/{person.account}/trades"), 200)["trades"]
    assert trade["account"] == person.account
    for deed in ("restore", "revoke-credentials", "suspend"):
        response = await admin.post(f"/v1/people/{person.account}/{deed}")
        assert response.status_code == (403 if deed == "restore" else 204 if deed == "revoke-credentials" else 200)
    problem(await admin.send("PATCH", f"/v1/accounts/{person.account}", body={"name": "Bob"}), 403, "forbidden")
    problem(await admin.post(f"/v1/people/{admin.account}/forget"), 403, "forbidden")
    problem(await admin.post("/v1/people/nobody-here/forget"), 404, "account-not-found")


async def test_whoever_comes_back_to_a_forgotten_account(api: Api) -> None:
    """By a token that is still good for the id, as an issuer's is: 403 wherever an account is needed."""
    admin, person = await api.open_account("admin"), await api.open_account()
    forgotten = answer(await admin.post(f"/v1/people/{person.account}/forget"), 200)
    back = await api.sign_in(account=person.account)
    for method, path in (("GET", "/v1/portfolio"), ("POST", "/v1/accounts"), ("GET", "/v1/me")):
        problem(await back.send(method, path), 403, "forbidden")
    people = answer(await admin.get("/v1/people?limit=100"), 200)["people"]
    (entry,) = [each for each in people if each["account"] == person.account]
    assert (entry["name"], entry["suspended"]) == (person.account, True)
    assert entry["forgotten_at"] == forgotten["forgotten_at"]


async def test_deeds_are_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Who did what to whom, once it is done, and no word of it; not what was refused."""
    caplog.set_level("INFO", logger="functions.deeds")
    admin, person, slug = await api.open_account("admin"), await api.open_account(), await api.published_market()
    comment = answer(await person.post(f"/v1/markets/{slug}/comments", {"text": "Sun!"}), 201)
    place = f"/v1/markets/{slug}/comments/{comment['id']}"
    problem(await (await api.open_account()).send("DELETE", place), 403, "forbidden")
    assert (await admin.send("DELETE", place)).status_code == 204
    problem(await admin.post("/v1/people/nobody-here/forget"), 404, "account-not-found")
    answer(await admin.send("PATCH", f"/v1/accounts/{person.account}", body={"name": "Bob"}), 200)
    answer(await admin.post(f"/v1/people/{person.account}/forget"), 200)
    assert [record.getMessage() for record in caplog.records if record.name == "functions.deeds"] == [
        f"admin {admin.account}: DELETE {place}",
        f"admin {admin.account}: PATCH /v1/accounts/{person.account}",
        f"admin {admin.account}: POST /v1/people/{person.account}/forget",
    ]
