"""Idempotency keys: a request that is sent again is not done again."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import Json, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

ORDER: Json = {"outcome": "YES", "side": "buy", "quantity": "10"}
PAID = Decimal("994.875052")


@pytest.fixture
async def slug(api: Api) -> str:
    """A market where nobody has traded."""
    return await api.published_market()


def replayed(response: httpx.Response) -> bool:
    """Whether an answer says that it was given before."""
    assert response.headers.get("Idempotency-Replayed") in {None, "true"}
    return "Idempotency-Replayed" in response.headers


async def send_key(caller: Caller, slug: str, key: bytes | None, body: Any = None) -> httpx.Response:
    """An order whose key is exactly these bytes, or that has none."""
    headers = [(name.encode(), value.encode()) for name, value in caller.credential.items()]
    if key is not None:
        headers.append((b"Idempotency-Key", key))
    return await caller.http.post(f"/v1/markets/{slug}/orders", json=body or ORDER, headers=headers)


@pytest.mark.contract("idempotency")
async def test_replay(api: Api, trader: Caller, slug: str) -> None:
    """Same key, same request: the first 2xx answer again with Idempotency-Replayed: true."""
    key = new_key()
    first = await trader.order(slug, quantity="10", key=key)
    answer(first, 201)
    assert not replayed(first)
    for _ in range(3):
        again = await trader.order(slug, quantity="10", key=key)
        assert answer(again, 201) == first.json()
        assert again.content == first.content
        assert replayed(again)
    assert await trader.balance() == PAID
    assert (await api.anyone.market(slug))["trade_count"] == 1


@pytest.mark.contract("idempotency")
async def test_replay_after_everything_changed(api: Api, trader: Caller) -> None:
    """The first answer again, whatever has become of the balance and the market since."""
    creator = await api.open_account()
    slug = await api.published_market(creator)
    key = new_key()
    first = await trader.order(slug, quantity="10", version=0, key=key)
    answer(await trader.order(slug, "NO", spend="500"), 201)
    answer(await creator.resolve(slug, outcome="NO"), 202)
    await creator.settled(slug)
    again = await trader.order(slug, quantity="10", version=0, key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert replayed(again)


SAME_VALUES = [
    b'{"outcome":"YES","side":"buy","quantity":"10"}',
    b'{ "quantity" : "10",\n\t"side" : "buy", "outcome" : "YES" }\n',
    b'{"out\\u0063ome":"\\u0059ES","side":"buy","quantity":"1\\u0030"}',
]


@pytest.mark.contract("idempotency")
async def test_same_json_value(trader: Caller, slug: str) -> None:
    """Same JSON value: blanks, the order of members and escapes do not make another request."""
    headers = {"Idempotency-Key": new_key(), "Content-Type": "application/json"}
    path = f"/v1/markets/{slug}/orders"
    responses = [await trader.send("POST", path, content=content, headers=headers) for content in SAME_VALUES]
    assert len({response.content for response in responses}) == 1
    assert [replayed(response) for response in responses] == [False, True, True]
    assert await trader.balance() == PAID


async def test_content_types_parameters_do_not_matter(trader: Caller, slug: str) -> None:
    """Only method, path and JSON value make the request."""
    path, key = f"/v1/markets/{slug}/orders", new_key()
    for content_type in ("application/json", "application/json; charset=utf-8"):
        headers = {"Idempotency-Key": key, "Content-Type": content_type}
        answer(await trader.send("POST", path, content=SAME_VALUES[0], headers=headers), 201)
    assert await trader.balance() == PAID


@pytest.mark.contract("idempotency")
async def test_replay_after_days(fresh_api: Api) -> None:
    """The first 2xx answer again for at least 7 days."""
    trader, key = await fresh_api.open_account(), new_key()
    slug = await fresh_api.published_market()
    first = await trader.order(slug, quantity="10", key=key)
    fresh_api.clock.advance(timedelta(days=7) - timedelta(minutes=1))
    trader = await fresh_api.sign_in(account=trader.account)
    again = await trader.order(slug, quantity="10", key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert await trader.balance() == PAID


OTHER_BODIES: list[Json] = [
    {**ORDER, "quantity": "10.0"},
    {**ORDER, "quantity": "11"},
    {**ORDER, "outcome": "NO"},
    {**ORDER, "time_in_force": "fill_or_kill"},
    {**ORDER, "limit_price": "0.9"},
    {"outcome": "YES", "side": "buy", "spend": "10"},
]


@pytest.mark.parametrize("body", OTHER_BODIES)
async def test_other_body(trader: Caller, slug: str, body: Json) -> None:
    """Same key, other request: 422 idempotency-key-reused; another JSON value is another request."""
    key = new_key()
    first = await trader.order(slug, quantity="10", key=key)
    answer(first, 201)
    problem(await trader.post(f"/v1/markets/{slug}/orders", body, key=key), 422, "idempotency-key-reused")
    assert await trader.balance() == PAID
    again = await trader.order(slug, quantity="10", key=key)
    assert (again.status_code, again.content) == (201, first.content)


@pytest.mark.contract("keys that cannot be used")
async def test_other_path(api: Api, trader: Caller, slug: str) -> None:
    """A key that was used on one path is used up for every other."""
    key, other = new_key(), await api.published_market()
    answer(await trader.order(slug, quantity="10", key=key), 201)
    problem(await trader.order(other, quantity="10", key=key), 422, "idempotency-key-reused")
    body = {"name": "Rain", "slug": api.name("market")}
    problem(await trader.post("/v1/markets", body, key=key), 422, "idempotency-key-reused")
    problem(await trader.post("/v1/accounts", key=key), 422, "idempotency-key-reused")
    problem(await trader.get(f"/v1/markets/{body['slug']}"), 404, "market-not-found")
    assert await trader.balance() == PAID


async def test_key_of_another_post(api: Api, slug: str) -> None:
    """Keys that other POSTs used are used up for orders as well."""
    trader, key = await api.sign_in(), new_key()
    answer(await trader.post("/v1/accounts", key=key), 201)
    problem(await trader.order(slug, quantity="10", key=key), 422, "idempotency-key-reused")
    key = new_key()
    answer(await trader.post("/v1/markets", {"name": "Rain", "slug": api.name("market")}, key=key), 201)
    problem(await trader.order(slug, quantity="10", key=key), 422, "idempotency-key-reused")
    assert await trader.balance() == 1000


@pytest.mark.contract("keys that cannot be used", "400")
async def test_key_is_required(trader: Caller, slug: str) -> None:
    """Missing (or empty) where required: 400 idempotency-key-required."""
    for key in (None, b""):
        problem(await send_key(trader, slug, key), 400, "idempotency-key-required")
    assert await trader.balance() == 1000


GOOD_KEYS = [b"1", b"~", b"!", b"k" * 255, b'a"b\\c', b"%00", b"{}", b"a,b;c=d"]
BAD_KEYS = [
    pytest.param(b"k" * 256, id="256 characters"),
    pytest.param(b"k" * 5_000, id="5000 characters"),
    pytest.param(b"two words", id="blank"),
    pytest.param(b"a\tb", id="tab"),
    pytest.param(b"a\x7fb", id="DEL"),
    pytest.param(b"a\x01b", id="control character"),
    pytest.param("\u00e9".encode(), id="UTF-8"),
    pytest.param(b"\xe9", id="Latin-1"),
    pytest.param(b"\xa0", id="no-break space"),
]


@pytest.mark.parametrize("key", GOOD_KEYS)
async def test_key_is_taken(trader: Caller, slug: str, key: bytes) -> None:
    """1–255 visible ASCII characters."""
    first = await send_key(trader, slug, key)
    answer(first, 201)
    again = await send_key(trader, slug, key)
    assert (again.content, replayed(again)) == (first.content, True)
    assert await trader.balance() == PAID


@pytest.mark.parametrize("key", BAD_KEYS)
async def test_key_is_malformed(trader: Caller, slug: str, key: bytes) -> None:
    """Malformed: validation-failed; `field` is the header's name."""
    problem(await send_key(trader, slug, key), 400, "validation-failed", ["Idempotency-Key"])
    assert await trader.balance() == 1000


@pytest.mark.contract("keys that cannot be used")
@pytest.mark.parametrize(
    "path",
    [
        "/v1/accounts",
        "/v1/markets",
        "/v1/markets/{slug}/publish",
        "/v1/markets/{slug}/close",
        "/v1/markets/{slug}/reopen",
        "/v1/markets/{slug}/resolve",
        "/v1/markets/{slug}/void",
        "/v1/accounts/ann/grants",
    ],
)
async def test_key_is_malformed_elsewhere(trader: Caller, slug: str, path: str) -> None:
    """Wherever a key is honoured a malformed one is refused, not ignored."""
    bodies: dict[str, Json] = {
        "/v1/markets": {"name": "Rain", "slug": "rain"},
        "/v1/markets/{slug}/reopen": {"closes_at": None},
        "/v1/markets/{slug}/resolve": {"outcome": "YES"},
        "/v1/markets/{slug}/void": {"reason": "Never mind."},
        "/v1/accounts/ann/grants": {"amount": "1", "reason": "Won the quiz."},
    }
    response = await trader.post(path.format(slug=slug), bodies.get(path), key="k" * 256)
    problem(response, 400, "validation-failed", ["Idempotency-Key"])


async def test_keys_compare_exactly(trader: Caller, slug: str) -> None:
    """Another key is another order, however alike."""
    for key in (b"key", b"Key", b"key1", b"key/"):
        assert not replayed(await send_key(trader, slug, key))
    assert (await trader.holds(slug)) == {"YES": 40}


@pytest.mark.contract("idempotency")
async def test_keys_belong_to_an_account(api: Api, slug: str) -> None:
    """Keys belong to an account: two may use the same one."""
    key, ann, bob = new_key(), await api.open_account(), await api.open_account()
    orders = [answer(await caller.order(slug, quantity="10", key=key), 201) for caller in (ann, bob)]
    assert [order["account"] for order in orders] == [ann.account, bob.account]
    assert orders[0]["id"] != orders[1]["id"]
    assert await ann.holds(slug) == await bob.holds(slug) == {"YES": 10}
    problem(await bob.order(slug, quantity="11", key=key), 422, "idempotency-key-reused")


async def test_key_belongs_to_the_account_not_the_token(api: Api, trader: Caller, slug: str) -> None:
    """The same account with a newer token gets its answer again."""
    key = new_key()
    first = await trader.order(slug, quantity="10", key=key)
    again = await (await api.sign_in("admin", account=trader.account)).order(slug, quantity="10", key=key)
    assert (again.content, replayed(again)) == (first.content, True)


async def test_replay_needs_the_credential(api: Api, trader: Caller, slug: str) -> None:
    """An answer is repeated to its account alone."""
    key = new_key()
    answer(await trader.order(slug, quantity="10", key=key), 201)
    problem(await api.anyone.order(slug, quantity="10", key=key), 401, "unauthenticated")


FAILURES: list[tuple[Json, int, str]] = [
    ({**ORDER, "quantity": "01"}, 400, "validation-failed"),
    ({**ORDER, "limit_price": "0.5"}, 409, "price-limit-exceeded"),
    ({**ORDER, "version": 5}, 409, "price-limit-exceeded"),
    ({**ORDER, "quantity": "100000"}, 422, "insufficient-funds"),
    ({**ORDER, "side": "sell"}, 422, "insufficient-shares"),
    ({**ORDER, "outcome": "MAYBE"}, 422, "invalid-order"),
]


@pytest.mark.contract("idempotency")
@pytest.mark.parametrize(("body", "status", "code"), FAILURES)
async def test_failure_frees_the_key(trader: Caller, slug: str, body: Json, status: int, code: str) -> None:
    """Other errors changed nothing and are not remembered: the key may be used again, for another request too."""
    key, path = new_key(), f"/v1/markets/{slug}/orders"
    for _ in range(2):
        failed = await trader.post(path, body, key=key)
        problem(failed, status, code)
        assert not replayed(failed)
    done = await trader.post(path, ORDER, key=key)
    answer(done, 201)
    assert not replayed(done)
    assert replayed(await trader.post(path, ORDER, key=key))
    assert await trader.balance() == PAID


@pytest.mark.contract("idempotency")
async def test_same_request_may_succeed_later(api: Api, trader: Caller) -> None:
    """An error is not remembered: once its reason has gone, the same request with the same key is done."""
    creator, key = await api.open_account(), new_key()
    slug = await api.draft(creator)
    problem(await trader.order(slug, quantity="10", key=key), 404, "market-not-found")
    answer(await creator.publish(slug), 200)
    done = await trader.order(slug, quantity="10", key=key)
    answer(done, 201)
    assert not replayed(done)


async def test_request_of_an_unopened_account_frees_its_key(api: Api, slug: str) -> None:
    """An account that was not opened yet may use its key again once it is."""
    caller, key = await api.sign_in(), new_key()
    problem(await caller.order(slug, quantity="10", key=key), 404, "account-not-found")
    answer(await caller.post("/v1/accounts"), 201)
    answer(await caller.order(slug, quantity="10", key=key), 201)


async def test_failed_creation_frees_its_key(api: Api, trader: Caller, slug: str) -> None:
    """The same holds where a key is optional."""
    key = new_key()
    problem(await trader.post("/v1/markets", {"name": "Rain", "slug": slug}, key=key), 409, "slug-taken")
    answer(await trader.post("/v1/markets", {"name": "Rain", "slug": api.name("market")}, key=key), 201)


def settled_at_once(responses: list[httpx.Response]) -> list[httpx.Response]:
    """The answers that were not put off with 503; there is at least one, and one of them alone is the first."""
    for response in responses:
        if response.status_code == 503:
            problem(response, 503, "contention")
    done = [response for response in responses if response.status_code == 201]
    assert [replayed(response) for response in done].count(False) == 1
    return done


@pytest.mark.contract("idempotency")
async def test_same_order_at_once(api: Api, trader: Caller, slug: str) -> None:
    """Of concurrent requests with one key one runs; the others get its answer or 503."""
    key = new_key()
    responses = await asyncio.gather(*(trader.order(slug, quantity="10", key=key) for _ in range(8)))
    assert {response.status_code for response in responses} <= {201, 503}
    assert len({response.content for response in settled_at_once(list(responses))}) == 1
    assert await trader.balance() == PAID
    assert (await api.anyone.market(slug))["trade_count"] == 1


async def test_other_orders_at_once(api: Api, trader: Caller, slug: str) -> None:
    """Of different requests at once with one key one runs; the others are told so, or to come back."""
    key = new_key()
    responses = await asyncio.gather(*(trader.order(slug, quantity=str(n), key=key) for n in range(1, 7)))
    assert {response.status_code for response in responses} <= {201, 422, 503}
    assert len(settled_at_once(list(responses))) == 1
    for response in responses:
        if response.status_code == 422:
            problem(response, 422, "idempotency-key-reused")
    assert (await api.anyone.market(slug))["trade_count"] == 1


async def test_same_creation_at_once(api: Api, trader: Caller) -> None:
    """Where a key is optional it protects as well: no slug-taken against oneself."""
    key, body = new_key(), {"name": "Rain", "slug": api.name("market")}
    responses = await asyncio.gather(*(trader.post("/v1/markets", body, key=key) for _ in range(4)))
    assert {response.status_code for response in responses} <= {201, 503}
    settled_at_once(list(responses))
