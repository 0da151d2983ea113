"""Bot keys: how programs sign in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.model.kernel.notation import format_time
from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEMBERS = {"id", "name", "scopes", "created_at", "expires_at", "last_used_at"}


async def make(caller: Caller, *scopes: str, **members: Any) -> Json:
    """A new key, as it is answered."""
    body = {"name": "My forecaster", "scopes": list(scopes), **members}
    response = await caller.send("POST", "/v1/api-keys", body=body)
    assert response.headers["Cache-Control"] == "no-store"
    content: Json = answer(response, 201)
    return content


def with_key(caller: Caller, key: str) -> Caller:
    """The same account, by a bot key."""
    return Caller(caller.http, caller.account, {"Authorization": f"Key {key}"})


@pytest.mark.contract("api keys")
async def test_a_key_is_shown_once(api: Api, trader: Caller) -> None:
    """POST → 201 with the key; GET lists it without; neither knows of anybody else's."""
    made = await make(trader, "read", "trade")
    assert made.keys() == {*MEMBERS, "key"}
    assert (made["name"], made["scopes"]) == ("My forecaster", ["read", "trade"])
    assert (made["expires_at"], made["last_used_at"]) == (None, None)
    assert made["key"].startswith("hk_")
    assert await trader.items("/v1/api-keys") == [{name: made[name] for name in MEMBERS}]
    assert await (await api.open_account()).items("/v1/api-keys") == []


async def test_keys_are_unlike(trader: Caller) -> None:
    """Two keys share neither id nor secret, and each has at least 128 bits that nobody can guess."""
    secrets = {(await make(trader, "read"))["key"].rpartition("_")[2] for _ in range(5)}
    assert len(secrets) == 5
    assert all(len(secret) * 4 >= 128 for secret in secrets)


async def test_a_key_is_its_account(trader: Caller) -> None:
    """What it does its owner does; the scheme's case does not matter."""
    key = (await make(trader, "read"))["key"]
    assert (await with_key(trader, key).portfolio())["account"] == trader.account
    lower = Caller(trader.http, "", {"Authorization": f"key {key}"})
    assert (await lower.portfolio())["account"] == trader.account


async def test_last_use(api: Api, trader: Caller) -> None:
    """It is noted, and not again for each request."""
    made = await make(trader, "read")
    bot = with_key(trader, made["key"])
    await bot.portfolio()
    first = (await trader.items("/v1/api-keys"))[0]["last_used_at"]
    assert first is not None
    await bot.portfolio()
    assert (await trader.items("/v1/api-keys"))[0]["last_used_at"] == first
    api.clock.advance(timedelta(minutes=11))
    await bot.portfolio()
    assert (await trader.items("/v1/api-keys"))[0]["last_used_at"] > first


async def test_a_revoked_key_is_bad(trader: Caller) -> None:
    """DELETE → 204, and the key is refused from then on, on public routes too."""
    made = await make(trader, "read")
    bot = with_key(trader, made["key"])
    await bot.portfolio()
    response = await trader.send("DELETE", f"/v1/api-keys/{made['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    for path in ("/v1/portfolio", "/v1/markets", "/v1/health"):
        problem(await bot.get(path), 401, "unauthenticated")
    assert await trader.items("/v1/api-keys") == []
    problem(await trader.send("DELETE", f"/v1/api-keys/{made['id']}"), 404, "not-found")


async def test_an_expired_key_is_bad(api: Api, trader: Caller) -> None:
    """From the very instant on."""
    expires_at = format_time(api.clock.now() + timedelta(minutes=1))
    made = await make(trader, "read", expires_at=expires_at)
    assert made["expires_at"] == expires_at
    bot = with_key(trader, made["key"])
    await bot.portfolio()
    api.clock.advance(timedelta(minutes=1))
    problem(await bot.get("/v1/portfolio"), 401, "unauthenticated")


async def test_keys_that_are_none(api: Api, trader: Caller) -> None:
    """Another's account, id or secret in its place, more or less of it, another case: each is refused."""
    key = (await make(trader, "read"))["key"]
    other = await api.open_account()
    others = (await make(other, "read"))["key"]
    prefix, account, id_, secret = key.split("_")
    _, _, other_id, other_secret = others.split("_")
    for bad in (
        f"{prefix}_{other.account}_{id_}_{secret}",
        f"{prefix}_{other.account}_{other_id}_{secret}",
        f"{prefix}_{account}_{other_id}_{other_secret}",
        f"{prefix}_{account}_{id_}_{other_secret}",
        f"{prefix}_{account}_{id_}_{secret[:-1]}{'0' if secret[-1] != '0' else '1'}",
        f"{prefix}_{account}_{id_}_",
        f"{prefix}_{account}_{id_}",
        key[:-1],
        key + "0",
        key.upper(),
        f"{key} {key}",
        f"{key}\u00e9",
    ):
        headers = [(b"Authorization", f"Key {bad}".encode())]
        problem(await api.http.get("/v1/portfolio", headers=headers), 401, "unauthenticated")
    problem(await api.http.get(f"/v1/portfolio?key={key}"), 401, "unauthenticated")


async def test_a_key_makes_no_key(trader: Caller) -> None:
    """Nor does it revoke one, itself neither: what is stolen cannot outlive its revocation."""
    made = await make(trader, "read", "trade")
    bot = with_key(trader, made["key"])
    body = {"name": "another", "scopes": ["read"]}
    problem(await bot.send("POST", "/v1/api-keys", body=body), 403, "forbidden")
    problem(await bot.send("DELETE", f"/v1/api-keys/{made['id']}"), 403, "forbidden")


async def test_anothers_key(api: Api, trader: Caller) -> None:
    """It cannot be revoked, nor can one learn that it exists."""
    made = await make(trader, "read")
    problem(await (await api.open_account("admin")).send("DELETE", f"/v1/api-keys/{made['id']}"), 404, "not-found")
    assert (await with_key(trader, made["key"]).portfolio())["account"] == trader.account


async def test_only_admins_give_the_scope_of_admins(api: Api, trader: Caller) -> None:
    """403 to everybody else; an admin's key without it is no admin."""
    body = {"name": "bot", "scopes": ["read", "admin"]}
    problem(await trader.send("POST", "/v1/api-keys", body=body), 403, "forbidden")
    admin = await api.open_account("admin")
    draft = await api.draft(trader)
    with_scope = with_key(admin, (await make(admin, "read", "admin"))["key"])
    without = with_key(admin, (await make(admin, "read", "trade"))["key"])
    assert (await with_scope.market(draft))["slug"] == draft
    problem(await without.get(f"/v1/markets/{draft}"), 404, "market-not-found")
    problem(await without.grant(trader.account), 403, "forbidden")
    answer(await with_scope.grant(trader.account), 201)


async def test_a_key_for_something_else_reads_as_anybody(api: Api, trader: Caller) -> None:
    """What is public stays public to a key without `read`; of drafts it sees none, its owner's neither."""
    draft, published = await api.draft(trader), await api.published_market()
    bot = with_key(trader, (await make(trader, "trade"))["key"])
    assert (await bot.market(published))["slug"] == published
    problem(await bot.get(f"/v1/markets/{draft}"), 404, "market-not-found")
    problem(await bot.get("/v1/portfolio"), 403, "forbidden")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a" * 121}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"name": None}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["keys"]}, "scopes.0"),
        ({"scopes": ["READ"]}, "scopes.0"),
        ({"scopes": "read"}, "scopes"),
        ({"scopes": ["read"] * 4}, "scopes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "tomorrow"}, "expires_at"),
        ({"account": "bob"}, "account"),
    ],
)
async def test_bodies_are_validated(trader: Caller, changed: Json, field: str) -> None:
    """400 names the member, and no key is made."""
    body = {"name": "bot", "scopes": ["read"], **changed}
    problem(await trader.send("POST", "/v1/api-keys", body=body), 400, "validation-failed", [field])
    assert await trader.items("/v1/api-keys") == []


async def test_an_expiry_may_be_null(trader: Caller) -> None:
    """As it is answered: for a key that never expires."""
    assert (await make(trader, "read", expires_at=None))["expires_at"] is None


@pytest.mark.contract("api keys")
async def test_pages(trader: Caller) -> None:
    """Newest first, each once."""
    ids = [(await make(trader, "read"))["id"] for _ in range(5)]
    assert sorted(item["id"] for item in await trader.items("/v1/api-keys", limit=2)) == sorted(ids)
    found = await trader.items("/v1/api-keys", limit=1)
    assert [item["created_at"] for item in found] == sorted((item["created_at"] for item in found), reverse=True)


async def test_no_secret_is_kept(api: Api, trader: Caller, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The file of the database holds nothing that would let anybody in."""
    key = (await make(trader, "read"))["key"]
    await with_key(trader, key).portfolio()
    files = (path for path in tmp_path_factory.getbasetemp().rglob("hunch.db*") if path.is_file())
    kept = b"".join(path.read_bytes() for path in files)
    assert key.rpartition("_")[2].encode() not in kept
    assert (await trader.items("/v1/api-keys"))[0]["id"].encode() in kept


async def test_the_clock_of_ids(trader: Caller) -> None:
    """An id begins with the milliseconds of its creation."""
    made = await make(trader, "read")
    milliseconds = int(made["id"][:12], 16)
    assert abs(milliseconds / 1000 - datetime.fromisoformat(made["created_at"]).astimezone(UTC).timestamp()) < 0.01


async def test_an_admin_ends_somebodys_key(api: Api, trader: Caller) -> None:
    """`?account=` lists and revokes another's keys, for admins; to others it is 403."""
    made = await make(trader, "read")
    admin, stranger = await api.open_account("admin"), await api.open_account()
    theirs = f"account={trader.account}"
    problem(await stranger.get(f"/v1/api-keys?{theirs}"), 403, "forbidden")
    problem(await stranger.send("DELETE", f"/v1/api-keys/{made['id']}?{theirs}"), 403, "forbidden")
    listed = answer(await admin.get(f"/v1/api-keys?{theirs}&limit=100"), 200)["api-keys"]
    assert {name: made[name] for name in MEMBERS} in listed
    assert (await admin.send("DELETE", f"/v1/api-keys/{made['id']}?{theirs}")).status_code == 204
    problem(await with_key(trader, made["key"]).get("/v1/portfolio"), 401, "unauthenticated")
    problem(await admin.get("/v1/api-keys?account=Nobody!"), 400, "validation-failed", ["account"])
