"""Routes, methods, request ids, and which of two errors is told."""

import httpx
import pytest

from tests.integration.http.client import Api, Caller
from tests.integration.http.contract import Json, allowed, answer, media_type, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

BAD_CREDENTIAL = {"Authorization": "Bearer nonsense"}

GET_ROUTES = [
    "/v1/markets",
    "/v1/markets/{slug}",
    "/v1/markets/{slug}/trades",
    "/v1/markets/{slug}/holders",
    "/v1/markets/{slug}/prices",
    "/v1/audit",
    "/v1/portfolio",
    "/v1/portfolio/trades",
    "/v1/portfolio/journal",
    "/v1/health",
    "/v1/openapi.json",
]
POST_ROUTES = [
    "/v1/accounts",
    "/v1/markets",
    "/v1/markets/{slug}/publish",
    "/v1/markets/{slug}/quotes",
    "/v1/markets/{slug}/orders",
    "/v1/markets/{slug}/resolve",
    "/v1/markets/{slug}/close",
    "/v1/markets/{slug}/reopen",
    "/v1/markets/{slug}/void",
    "/v1/accounts/ann/grants",
    "/v1/dev/sign-in",
]
ALLOWED = {
    "/v1/accounts": {"GET", "HEAD", "POST"},
    "/v1/accounts/ann/grants": {"POST"},
    "/v1/markets": {"GET", "HEAD", "POST"},
    "/v1/markets/{slug}": {"DELETE", "GET", "HEAD", "PATCH"},
    "/v1/markets/{slug}/publish": {"POST"},
    "/v1/markets/{slug}/quotes": {"POST"},
    "/v1/markets/{slug}/orders": {"POST"},
    "/v1/markets/{slug}/resolve": {"POST"},
    "/v1/markets/{slug}/close": {"POST"},
    "/v1/markets/{slug}/reopen": {"POST"},
    "/v1/markets/{slug}/void": {"POST"},
    "/v1/markets/{slug}/trades": {"GET", "HEAD"},
    "/v1/markets/{slug}/holders": {"GET", "HEAD"},
    "/v1/markets/{slug}/prices": {"GET", "HEAD"},
    "/v1/audit": {"GET", "HEAD"},
    "/v1/orders/0123": {"GET", "HEAD"},
    "/v1/portfolio": {"GET", "HEAD"},
    "/v1/portfolio/trades": {"GET", "HEAD"},
    "/v1/portfolio/journal": {"GET", "HEAD"},
    "/v1/health": {"GET", "HEAD"},
    "/v1/openapi.json": {"GET", "HEAD"},
    "/v1/dev/sign-in": {"POST"},
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]


@pytest.mark.parametrize("path", GET_ROUTES)
async def test_head_works_wherever_get_does(member: Caller, open_market: str, path: str) -> None:
    """HEAD works wherever GET does."""
    path = path.format(slug=open_market)
    got = await member.get(path)
    head = await member.send("HEAD", path)
    assert head.status_code == got.status_code == 200
    assert media_type(head) == media_type(got)
    assert head.headers.get("Content-Length", got.headers["Content-Length"]) == got.headers["Content-Length"]
    assert head.headers["X-Request-Id"]


async def test_head_fails_as_get_does(api: Api, member: Caller) -> None:
    """HEAD of what is not there is a 404, with a bad credential a 401, where there is no GET a 405."""
    for caller, path, status in [
        (member, "/v1/markets/nowhere", 404),
        (member, "/v1/nowhere", 404),
        (api.anyone, "/v1/portfolio", 401),
        (Caller(api.http, "", BAD_CREDENTIAL), "/v1/markets", 401),
        (member, "/v1/invitations/accept", 405),
    ]:
        head = await caller.send("HEAD", path)
        assert head.status_code == status, path
        assert head.headers["X-Request-Id"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ALLOWED)
async def test_method_not_allowed(api: Api, open_market: str, path: str, method: str) -> None:
    """405 method-not-allowed with Allow; OPTIONS is 405 (one origin, no CORS)."""
    if method in ALLOWED[path]:
        return
    response = await api.anyone.send(method, path.format(slug=open_market))
    problem(response, 405, "method-not-allowed")
    assert allowed(response) == ALLOWED[path]


@pytest.mark.contract("methods", "405 / 413 / 415")
async def test_options_has_no_cors(api: Api, open_market: str) -> None:
    """One origin, no CORS: a preflight is a 405 too, and no answer lets another origin in."""
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    preflight = await api.anyone.send("OPTIONS", f"/v1/markets/{open_market}/orders", headers=headers)
    problem(preflight, 405, "method-not-allowed")
    read = await api.anyone.send("GET", f"/v1/markets/{open_market}", headers=headers)
    for response in (preflight, read):
        assert not [name for name in response.headers if name.lower().startswith("access-control")]


@pytest.mark.contract("404", "problems")
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/v1", "/v1/", "/v2/markets", "/markets", "/v1/market", "/v1/markets/a/b", "/v1/Markets", "/v1//markets"]
)
async def test_unknown_route(api: Api, path: str, method: str) -> None:
    """404 not-found for an unknown route, whatever the method."""
    problem(await api.anyone.send(method, path), 404, "not-found")


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", sorted({*GET_ROUTES, *POST_ROUTES, "/docs"}))
async def test_trailing_slash(api: Api, open_market: str, path: str, method: str) -> None:
    """A trailing slash is another route (404), never a redirect."""
    response = await api.anyone.send(method, path.format(slug=open_market) + "/")
    if method == "HEAD":
        assert response.status_code == 404
    else:
        problem(response, 404, "not-found")


@pytest.mark.contract("404")
@pytest.mark.parametrize("slug", ["nowhere", "a" * 64, "0", "a-b"])
async def test_market_not_found(api: Api, slug: str) -> None:
    """404 market-not-found for a market that is not there, on every route of a market."""
    trader = await api.open_account()
    problem(await api.anyone.get(f"/v1/markets/{slug}"), 404, "market-not-found")
    problem(await api.anyone.quote(slug, quantity="1"), 404, "market-not-found")
    problem(await trader.order(slug, quantity="1"), 404, "market-not-found")
    problem(await trader.publish(slug), 404, "market-not-found")
    problem(await trader.resolve(slug, outcome="YES"), 404, "market-not-found")
    problem(await trader.edit(slug, {}), 404, "market-not-found")
    problem(await trader.close(slug), 404, "market-not-found")
    problem(await trader.reopen(slug), 404, "market-not-found")
    problem(await trader.void(slug), 404, "market-not-found")
    for path in (f"/v1/markets/{slug}/trades", f"/v1/markets/{slug}/holders"):
        problem(await api.anyone.get(path), 404, "market-not-found")


@pytest.mark.parametrize(
    "slug",
    [
        pytest.param("UPPER", id="capitals"),
        pytest.param("-a", id="hyphen first"),
        pytest.param("a" * 65, id="65 characters"),
        pytest.param("a" * 5_000, id="5000 characters"),
        pytest.param("%00", id="NUL"),
        pytest.param("a%0A", id="newline"),
        pytest.param("%F0%9F%98%80", id="emoji"),
        pytest.param("%FF", id="not UTF-8"),
        pytest.param("%ED%A0%80", id="surrogate"),
        pytest.param("..%2e", id="dots"),
    ],
)
async def test_impossible_slug(api: Api, slug: str) -> None:
    """A slug that no market can have names none: never anything but a problem of the client's."""
    response = await api.anyone.get(f"/v1/markets/{slug}")
    assert response.status_code in {400, 404}
    assert response.json()["code"] in {"market-not-found", "not-found", "validation-failed"}
    assert response.headers["X-Request-Id"]


async def test_every_answer_carries_its_own_request_id(api: Api, trader: Caller, open_market: str) -> None:
    """Every answer carries X-Request-Id, and each its own."""
    anyone = api.anyone
    answers = [
        await anyone.get("/v1/health"),
        await anyone.get("/v1/health"),
        await anyone.get("/docs"),
        await anyone.get("/v1/openapi.json"),
        await anyone.get("/v1/markets?limit=0"),
        await anyone.get("/v1/portfolio"),
        await anyone.get("/nowhere"),
        await anyone.get("/v1/markets/"),
        await anyone.send("DELETE", "/v1/markets"),
        await anyone.send("OPTIONS", "/v1/markets"),
        await anyone.send("HEAD", "/v1/markets"),
        await trader.order(open_market, quantity="1", outcome="MAYBE"),
        await trader.post_content("/v1/accounts", b" " * 70_000),
        await trader.post_content("/v1/accounts", b"{}", "text/plain"),
        await trader.post_content("/v1/accounts", b"{"),
        await trader.post("/v1/accounts"),
    ]
    ids = [response.headers["X-Request-Id"] for response in answers]
    assert all(ids)
    assert len(set(ids)) == len(answers)


@pytest.mark.contract("problems")
async def test_instance_is_the_path_alone(api: Api, open_market: str) -> None:
    """`instance` is the request path, without the query."""
    response = await api.anyone.get("/v1/markets?limit=0&status=ACTIVE")
    assert problem(response, 400, "validation-failed", ["limit"])["instance"] == "/v1/markets"


@pytest.mark.contract("problems")
@pytest.mark.parametrize("segment", ["caf%C3%A9", "a%3Fb", "a%23b", "50%25", "%F0%9F%8E%B2"])
async def test_instance_is_the_path_as_it_was_sent(api: Api, segment: str) -> None:
    """`instance` is an address (RFC 9457, section 3.1.5): what was encoded stays so, and is no query or fragment."""
    response = await api.anyone.get(f"/v1/nowhere/{segment}")
    assert problem(response, 404, "not-found")["instance"] == f"/v1/nowhere/{segment}"


async def test_no_redirect_and_no_html_for_errors(api: Api) -> None:
    """Errors are application/problem+json, always, whatever the client would accept."""
    response = await api.anyone.send("GET", "/v1/markets/nowhere", headers={"Accept": "text/html"})
    problem(response, 404, "market-not-found")


@pytest.mark.contract("health")
async def test_health(api: Api) -> None:
    """GET /v1/health → {"status":"ok","version"}."""
    health = answer(await api.anyone.get("/v1/health"), 200)
    assert health.keys() == {"status", "version"}
    assert health["status"] == "ok"
    assert isinstance(health["version"], str)
    assert health["version"]


@pytest.mark.contract("documentation")
async def test_docs(api: Api) -> None:
    """/docs is a page for people (embedded)."""
    response = await api.anyone.get("/docs")
    assert response.status_code == 200
    assert media_type(response) == "text/html"
    assert 'href="v1/openapi.json"' in response.text


# Each request is wrong in two ways; the first of the contract's list is told: route, method, 401, 413, 415, other
# 400s, 403/404, 409, 422.

TOO_LARGE = b" " * 65_537
ORDER: Json = {"outcome": "YES", "side": "buy", "quantity": "1"}
JSON_TYPE = {"Content-Type": "application/json"}
TEXT_TYPE = {"Content-Type": "text/plain"}


async def raw(api: Api, method: str, path: str, headers: dict[str, str], content: bytes = b"{}") -> httpx.Response:
    """A request of nobody's with exactly these headers."""
    return await api.anyone.send(method, path, content=content, headers=headers)


async def test_route_before_method_and_credential(api: Api) -> None:
    """An unknown route is told before anything else that is wrong."""
    for method in ("GET", "POST", "DELETE"):
        problem(await raw(api, method, "/v1/nowhere", {**BAD_CREDENTIAL, **TEXT_TYPE}, TOO_LARGE), 404, "not-found")


async def test_method_before_credential(api: Api, open_market: str) -> None:
    """A wrong method is told before a bad or missing credential, a body or a market that is not there."""
    for slug in (open_market, "nowhere"):
        response = await raw(api, "DELETE", f"/v1/markets/{slug}/orders", {**BAD_CREDENTIAL, **TEXT_TYPE}, TOO_LARGE)
        problem(response, 405, "method-not-allowed")
    problem(await raw(api, "PUT", "/v1/portfolio", TEXT_TYPE), 405, "method-not-allowed")


async def test_credential_before_body(api: Api, open_market: str) -> None:
    """A bad credential is told before the body's size, its type or its content, on public routes too."""
    for path in (
        "/v1/accounts",
        "/v1/markets",
        f"/v1/markets/{open_market}/orders",
        f"/v1/markets/{open_market}/quotes",
    ):
        problem(await raw(api, "POST", path, {**BAD_CREDENTIAL, **JSON_TYPE}, TOO_LARGE), 401, "unauthenticated")
        problem(await raw(api, "POST", path, {**BAD_CREDENTIAL, **TEXT_TYPE}), 401, "unauthenticated")
        problem(await raw(api, "POST", path, {**BAD_CREDENTIAL, **JSON_TYPE}, b"{"), 401, "unauthenticated")


async def test_credential_before_market_and_parameters(api: Api) -> None:
    """A missing credential is told before a market that is not there; a bad one before a bad parameter."""
    problem(await api.anyone.order("nowhere", quantity="1"), 401, "unauthenticated")
    problem(await api.anyone.order("nowhere", quantity=1), 401, "unauthenticated")
    problem(await raw(api, "GET", "/v1/markets?limit=0", BAD_CREDENTIAL), 401, "unauthenticated")
    problem(await raw(api, "GET", "/v1/markets/nowhere", BAD_CREDENTIAL), 401, "unauthenticated")


@pytest.mark.contract("order of errors", "405 / 413 / 415")
async def test_size_before_type_and_content(member: Caller, open_market: str) -> None:
    """413 comes before 415 and before what the body says."""
    path = f"/v1/markets/{open_market}/orders"
    problem(await member.post_content(path, TOO_LARGE, "text/plain"), 413, "body-too-large")
    problem(await member.post_content(path, b"{" * 65_537), 413, "body-too-large")
    problem(await member.post_content("/v1/markets/nowhere/orders", TOO_LARGE), 413, "body-too-large")


@pytest.mark.contract("order of errors", "405 / 413 / 415")
async def test_type_before_content(member: Caller, open_market: str) -> None:
    """415 comes before other 400s and before a market that is not there."""
    problem(
        await member.post_content(f"/v1/markets/{open_market}/orders", b"{", "text/plain"),
        415,
        "unsupported-media-type",
    )
    problem(await member.post_content("/v1/markets/nowhere/orders", b"{}", "text/plain"), 415, "unsupported-media-type")
    response = await member.send("POST", f"/v1/markets/{open_market}/orders", content=b"{}", headers=TEXT_TYPE)
    problem(response, 415, "unsupported-media-type")


@pytest.mark.contract("order of errors", "400 or 422")
async def test_validation_before_market(member: Caller) -> None:
    """What the request shows alone comes before a market that is not there."""
    problem(await member.post_content("/v1/markets/nowhere/orders", b"{"), 400, "malformed-json")
    problem(await member.order("nowhere", quantity=1), 400, "validation-failed", ["quantity"])
    problem(await member.quote("nowhere", quantity="0"), 400, "validation-failed", ["quantity"])
    problem(await member.resolve("nowhere"), 400, "validation-failed")
    problem(await member.post("/v1/markets/nowhere/publish", {"x": 1}), 400, "validation-failed", ["x"])
    response = await member.send("POST", "/v1/markets/nowhere/orders", body=ORDER)
    problem(response, 400, "idempotency-key-required")


async def test_validation_before_account(api: Api) -> None:
    """What the request shows alone comes before an account that is not open."""
    stranger = await api.sign_in()
    problem(await stranger.order("nowhere", quantity="01"), 400, "validation-failed", ["quantity"])
    problem(await stranger.post("/v1/markets", {"name": "Rain"}), 400, "validation-failed", ["slug"])


@pytest.mark.contract("order of errors")
async def test_validation_before_permission_and_state(api: Api, trader: Caller) -> None:
    """What the request shows alone comes before 403 and 409."""
    creator = await api.open_account()
    slug = await api.draft(creator)
    problem(await creator.order(slug, quantity="0"), 400, "validation-failed", ["quantity"])
    answer(await creator.publish(slug), 200)
    problem(await trader.resolve(slug, payouts={"YES": "one", "NO": "0"}), 400, "validation-failed", ["payouts.YES"])
    problem(await creator.post(f"/v1/markets/{slug}/publish", {"x": 1}), 400, "validation-failed", ["x"])


@pytest.mark.contract("order of errors")
async def test_account_before_state(api: Api) -> None:
    """An account that is not open comes before a market that does not trade."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    stranger = await api.sign_in()
    problem(await stranger.order(slug, quantity="1"), 404, "account-not-found")
    problem(await stranger.publish(slug), 404, "account-not-found")


@pytest.mark.contract("order of errors")
async def test_permission_before_state(api: Api, trader: Caller) -> None:
    """403 comes before already-published and already-resolved."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    problem(await trader.publish(slug), 403, "forbidden")
    answer(await creator.resolve(slug, outcome="YES"), 202)
    await creator.settled(slug)
    problem(await trader.publish(slug), 403, "forbidden")
    problem(await trader.resolve(slug, outcome="YES"), 403, "forbidden")


@pytest.mark.contract("order of errors")
async def test_permission_before_resolution(member: Caller, open_market: str) -> None:
    """403 comes before a resolution that makes no sense."""
    problem(await member.resolve(open_market, outcome="MAYBE"), 403, "forbidden")
    problem(await member.resolve(open_market, payouts={"YES": "1", "NO": "1"}), 403, "forbidden")


@pytest.mark.contract("order of errors", "409")
async def test_slug_taken_before_invalid_market(member: Caller, open_market: str) -> None:
    """409 slug-taken comes before 422 invalid-market."""
    body = {"name": "Rain", "slug": open_market}
    problem(await member.post("/v1/markets", {**body, "outcomes": ["YES", "YES"]}), 409, "slug-taken")
    problem(await member.post("/v1/markets", {**body, "closes_at": "2020-01-01T00:00:00Z"}), 409, "slug-taken")


@pytest.mark.contract("order of errors", "409")
async def test_state_before_order(api: Api, trader: Caller) -> None:
    """409 market-not-open comes before 422 invalid-order, insufficient-funds and insufficient-shares."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    problem(await trader.order(slug, outcome="MAYBE", quantity="1"), 409, "market-not-open")
    problem(await trader.order(slug, quantity="1000000"), 409, "market-not-open")
    problem(await trader.order(slug, side="sell", quantity="1"), 409, "market-not-open")
    problem(await trader.quote(slug, side="sell", quantity="1"), 409, "market-not-open")


@pytest.mark.contract("order of errors")
async def test_price_limit_before_funds(member: Caller, open_market: str) -> None:
    """409 price-limit-exceeded comes before 422 insufficient-funds, insufficient-shares and invalid-order."""
    exceeded = (409, "price-limit-exceeded")
    problem(await member.order(open_market, quantity="100000", limit_price="0.6"), *exceeded)
    problem(await member.order(open_market, quantity="100000", version=7), *exceeded)
    problem(await member.order(open_market, side="sell", quantity="5", version=7), *exceeded)
    problem(await member.order(open_market, outcome="MAYBE", quantity="5", version=7), *exceeded)


@pytest.mark.contract("order of errors")
async def test_state_before_resolution(api: Api) -> None:
    """409 already-resolved and market-not-open come before 422 invalid-resolution."""
    creator = await api.open_account()
    draft = await api.draft(creator)
    problem(await creator.resolve(draft, outcome="MAYBE"), 409, "market-not-open")
    slug = await api.published_market(creator)
    answer(await creator.resolve(slug, outcome="YES"), 202)
    problem(await creator.resolve(slug, outcome="MAYBE"), 409, "already-resolved")


@pytest.mark.contract("order of errors")
async def test_published_before_funds(api: Api) -> None:
    """409 already-published comes before 422 insufficient-funds."""
    creator = await api.open_account()
    slug = await api.published_market(creator, liquidity="1000")
    assert await creator.balance() < 693
    problem(await creator.publish(slug), 409, "already-published")
