"""Who is asking: credentials, accounts that are not open, and the developer's sign-in."""

import base64
import json

import httpx
import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

BAD_CREDENTIALS = [
    "Bearer nonsense",
    "Bearer a.b.c",
    "Bearer",
    "Bearer ",
    "Basic YW5uOnNlY3JldA==",
    "Key hk_nonsense",
    "Key ",
    "nonsense",
    "Bearer " + "a" * 10_000,
    "Bearer \u00e9",
]
ORDER: Json = {"outcome": "YES", "side": "buy", "quantity": "1"}
MARKET: Json = {"name": "Rain", "slug": "rain"}
FOR_ACCOUNTS: list[tuple[str, str, Json | None]] = [
    ("POST", "/v1/accounts", None),
    ("GET", "/v1/portfolio", None),
    ("POST", "/v1/markets", MARKET),
    ("POST", "/v1/markets/{slug}/publish", None),
    ("POST", "/v1/markets/{slug}/orders", ORDER),
    ("POST", "/v1/markets/{slug}/resolve", {"outcome": "YES"}),
    ("PATCH", "/v1/markets/{slug}", {"name": "Rain"}),
    ("POST", "/v1/markets/{slug}/close", None),
    ("POST", "/v1/markets/{slug}/reopen", {"closes_at": None}),
    ("POST", "/v1/markets/{slug}/void", {"reason": "Never mind."}),
    ("GET", "/v1/orders/0123", None),
    ("GET", "/v1/portfolio/trades", None),
    ("GET", "/v1/portfolio/journal", None),
    ("POST", "/v1/accounts/ann/grants", {"amount": "1", "reason": "Won the quiz."}),
]
PUBLIC: list[tuple[str, str, Json | None]] = [
    ("GET", "/v1/markets", None),
    ("GET", "/v1/markets/{slug}", None),
    ("GET", "/v1/markets/{slug}/trades", None),
    ("GET", "/v1/markets/{slug}/holders", None),
    ("GET", "/v1/markets/{slug}/prices", None),
    ("GET", "/v1/audit", None),
    ("POST", "/v1/markets/{slug}/quotes", ORDER),
    ("GET", "/v1/health", None),
    ("GET", "/v1/openapi.json", None),
]


async def request(
    caller: Caller, method: str, path: str, body: Json | None, authorization: str | None = None
) -> httpx.Response:
    """A request, with an Authorization header of its own where one is given."""
    headers: dict[str, str] = {"Idempotency-Key": new_key()} if method == "POST" else {}
    if authorization is None:
        return await caller.send(method, path, body=body, headers=headers)
    raw = [(b"Authorization", authorization.encode()), *((k.encode(), v.encode()) for k, v in headers.items())]
    return await caller.http.request(method, path, json=body, headers=raw)


@pytest.mark.parametrize(("method", "path", "body"), FOR_ACCOUNTS)
async def test_missing_credential(api: Api, open_market: str, method: str, path: str, body: Json | None) -> None:
    """What is not public is 401 without a credential, with WWW-Authenticate: Bearer."""
    response = await request(api.anyone, method, path.format(slug=open_market), body)
    problem(response, 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), [*FOR_ACCOUNTS, *PUBLIC])
async def test_bad_credential(api: Api, open_market: str, method: str, path: str, body: Json | None) -> None:
    """A bad credential is 401 on public routes too, with WWW-Authenticate: Bearer."""
    for credential in BAD_CREDENTIALS:
        response = await request(api.anyone, method, path.format(slug=open_market), body, credential)
        problem(response, 401, "unauthenticated")


@pytest.mark.parametrize(("method", "path", "body"), PUBLIC)
async def test_public_routes_need_no_credential(
    api: Api, open_market: str, method: str, path: str, body: Json | None
) -> None:
    """Public: market reads, quotes, health, openapi."""
    response = await request(api.anyone, method, path.format(slug=open_market), body)
    assert response.status_code == 200


@pytest.mark.parametrize(("method", "path", "body"), PUBLIC)
async def test_public_routes_need_no_open_account(
    api: Api, open_market: str, method: str, path: str, body: Json | None
) -> None:
    """Only anything else by an account not opened is a 404."""
    response = await request(await api.sign_in(), method, path.format(slug=open_market), body)
    assert response.status_code == 200


@pytest.mark.contract("credentials", "404")
@pytest.mark.parametrize(("method", "path", "body"), FOR_ACCOUNTS[1:])
@pytest.mark.parametrize("roles", [(), ("admin",)], ids=["trader", "admin"])
async def test_account_not_found(
    api: Api, open_market: str, *, method: str, path: str, body: Json | None, roles: tuple[str, ...]
) -> None:
    """Anything else by an account not opened: 404 account-not-found."""
    caller = await api.sign_in(*roles)
    response = await request(caller, method, path.format(slug=open_market), body)
    problem(response, 404, "account-not-found")


async def test_changed_token(api: Api) -> None:
    """A token that is not exactly one that was issued is a bad credential."""
    caller = await api.open_account()
    token = caller.credential["Authorization"].removeprefix("Bearer ")
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    for changed in (token[1:], token[:-4], token + "AAAA", token[:middle] + other + token[middle + 1 :]):
        problem(await request(caller, "GET", "/v1/portfolio", None, f"Bearer {changed}"), 401, "unauthenticated")


async def test_unsigned_token(api: Api) -> None:
    """A token that anybody could have written is a bad credential, whatever it says of itself."""
    caller = await api.open_account("admin")
    parts = caller.credential["Authorization"].removeprefix("Bearer ").split(".")
    claims = parts[1] if len(parts) == 3 else encoded({"sub": caller.account, "roles": ["admin"], "exp": 4_000_000_000})
    for algorithm in ("none", "None", "HS256"):
        for signature in ("", "AAAA"):
            token = f"{encoded({'alg': algorithm, 'typ': 'JWT'})}.{claims}.{signature}"
            problem(await request(caller, "GET", "/v1/portfolio", None, f"Bearer {token}"), 401, "unauthenticated")


def encoded(value: Json) -> str:
    """JSON in the base64 of tokens."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


async def test_token_is_no_bot_key(api: Api) -> None:
    """`Bearer` takes a token, `Key` a bot key: one is not the other."""
    caller = await api.open_account()
    authorization = caller.credential["Authorization"].replace("Bearer", "Key")
    problem(await request(caller, "GET", "/v1/portfolio", None, authorization), 401, "unauthenticated")


@pytest.mark.contract("credentials")
async def test_account_is_the_credentials_subject(api: Api) -> None:
    """The account is the credential's subject."""
    ann, bob = await api.open_account(), await api.open_account()
    assert (await ann.portfolio())["account"] == ann.account
    assert (await bob.portfolio())["account"] == bob.account


@pytest.mark.contract("developer sign-in")
async def test_sign_in(api: Api) -> None:
    """POST /v1/dev/sign-in → 200 {"token"}; it opens no account."""
    content = answer(await api.anyone.send("POST", "/v1/dev/sign-in", body={"account": "dora"}), 200)
    assert content.keys() == {"token"}
    dora = Caller(api.http, "dora", {"Authorization": f"Bearer {content['token']}"})
    problem(await dora.get("/v1/portfolio"), 404, "account-not-found")
    answer(await dora.post("/v1/accounts"), 201)
    assert (await dora.portfolio())["account"] == "dora"


@pytest.mark.parametrize("roles", [[], ["admin"]], ids=["none", "admin"])
async def test_sign_in_with_roles(api: Api, roles: list[str]) -> None:
    """`roles` is ["admin"] where it is given at all."""
    answer(await api.anyone.send("POST", "/v1/dev/sign-in", body={"account": "ed", "roles": roles}), 200)


async def test_sign_in_again_is_the_same_account(api: Api) -> None:
    """Signing in again gives the same account, and the earlier token goes on."""
    first = await api.open_account()
    second = await api.sign_in("admin", account=first.account)
    assert await second.portfolio() == await first.portfolio()


async def test_sign_in_without_admin_is_no_admin(api: Api) -> None:
    """Roles belong to the credential: the next one without them has none."""
    await api.open_account("admin", account="frida")
    frida = await api.sign_in(account="frida")
    draft = await api.draft(await api.open_account())
    problem(await frida.get(f"/v1/markets/{draft}"), 404, "market-not-found")


@pytest.mark.parametrize("account", ["a", "0", "a-b", "a--b", "ann-1", "a" * 64, "houses", "market", "market-x"])
async def test_account_name_is_taken(api: Api, account: str) -> None:
    """Accounts match the slugs' pattern."""
    caller = await api.open_account(account=account)
    assert (await caller.portfolio())["account"] == account


BAD_ACCOUNTS = [
    pytest.param("", id="empty"),
    pytest.param("-a", id="hyphen first"),
    pytest.param("a-", id="hyphen last"),
    pytest.param("Ann", id="capital"),
    pytest.param("a_b", id="underscore"),
    pytest.param("a b", id="blank"),
    pytest.param("ann\n", id="trailing newline"),
    pytest.param("\u00e9", id="accent"),
    pytest.param("\uff41", id="full-width"),
    pytest.param("\u0661", id="Arabic-Indic digit"),
    pytest.param("a" * 65, id="65 characters"),
    pytest.param("a\x00", id="NUL"),
    pytest.param("house", id="house"),
    pytest.param("market:rain", id="a pool"),
    pytest.param("market:", id="pool without a market"),
    pytest.param(1, id="number"),
    pytest.param(None, id="null"),
]


@pytest.mark.parametrize("account", BAD_ACCOUNTS)
async def test_account_name_is_refused(api: Api, account: object) -> None:
    """`house` and `market:…` are reserved, and anything outside the pattern is a 400."""
    response = await api.anyone.send("POST", "/v1/dev/sign-in", body={"account": account})
    problem(response, 400, "validation-failed", ["account"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "account"),
        ({"account": "ann", "roles": ["root"]}, "roles.0"),
        ({"account": "ann", "roles": [1]}, "roles.0"),
        ({"account": "ann", "roles": "admin"}, "roles"),
    ],
)
async def test_sign_in_is_validated(api: Api, body: Json, field: str) -> None:
    """A sign-in whose members are wrong names them."""
    problem(await api.anyone.send("POST", "/v1/dev/sign-in", body=body), 400, "validation-failed", [field])
