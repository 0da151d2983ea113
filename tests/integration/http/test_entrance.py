"""What requests pass before they reach a route: host names, private instances, rate limits, restricted creation."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from domain.application.trading.list_markets import ListMarkets, ListMarketsRequest, ListMarketsResult
from functions.config.settings import Settings
from functions.embedded.app import _rate_limits
from functions.embedded.command_line import main
from functions.embedded.direct_only import is_direct
from functions.registry import HTTP_TRIGGERS
from tests.integration.http.client import Caller, Clock, eventually
from tests.integration.http.conftest import StartApp, start
from tests.integration.http.contract import answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def start_app(tmp_path: Path) -> StartApp:
    """Starts an application with settings and host names; in one test each time over the same data."""
    return lambda **options: start(tmp_path / "hunch.db", **options)


async def test_a_private_instance(start_app: StartApp) -> None:
    """Nothing is readable without signing in but that it works and what it offers; drafts stay hidden to the others."""
    async with start_app(private="true") as api:
        slug = await api.published_market()
        reads = [
            "/v1/markets",
            "/v1/audit",
            *(f"/v1/markets/{slug}{rest}" for rest in ("", "/trades", "/holders", "/events")),
        ]
        for path in [*reads, "/v1/markets/nowhere"]:
            problem(await api.anyone.get(path), 401, "unauthenticated")
        problem(await api.anyone.quote(slug, quantity="1"), 401, "unauthenticated")
        stranger = await api.sign_in()
        for path in reads:
            answer(await stranger.get(path), 200)
        answer(await stranger.quote(slug, quantity="1"), 200)
        for path in ("/v1/health", "/v1/openapi.json"):
            assert (await api.anyone.get(path)).status_code == 200
        body = {"invitation": "x", "name": "Ann"}
        problem(await api.anyone.send("POST", "/v1/invitations/accept", body=body), 403, "forbidden")


async def test_a_private_instance_shows_nobody_to_strangers(start_app: StartApp) -> None:
    """No route of the registry, nor another site's, tells a stranger anything of a person; nor whether there is one."""
    open_to_all = {"/v1/health", "/v1/openapi.json"}
    async with start_app(private="true") as api:
        person, slug = await api.open_account(), await api.published_market()
        answer(await person.order(slug, quantity="1"), 201)
        for account in (person.account, "nobody-here"):
            paths = {
                trigger.path.format(account=account, slug=slug, id="0" * 28)
                for trigger in HTTP_TRIGGERS.values()
                if trigger.method == "GET"
            }
            paths |= {f"/v1/accounts?account={account}", f"/v1/markets/{slug}/stream", f"/v1/markets?creator={account}"}
            paths |= {f"/v0/user/{account}", f"/v0/bets?username={account}"}
            for path in sorted(paths - open_to_all):
                response = await api.anyone.get(path)
                assert response.status_code == 401, path
                assert person.account not in response.text.replace(path.partition("?")[0], "")


async def test_a_private_instance_by_key(start_app: StartApp) -> None:
    """A key has to be good for reading there."""
    async with start_app(private="true") as api:
        trader = await api.open_account()
        for scope, status in (("read", 200), ("trade", 403)):
            body = {"name": "bot", "scopes": [scope]}
            key = answer(await trader.send("POST", "/v1/api-keys", body=body), 201)["key"]
            bot = Caller(api.http, "", {"Authorization": f"Key {key}"})
            assert (await bot.get("/v1/markets")).status_code == status


async def test_rate_limit(start_app: StartApp) -> None:
    """A minute's worth at once, then 429 with Retry-After, for each account by itself, whatever its credential."""
    async with start_app(rate_limit="5") as api:
        ann = await api.open_account()
        key = answer(await ann.send("POST", "/v1/api-keys", body={"name": "bot", "scopes": ["read"]}), 201)["key"]
        bot = Caller(api.http, "", {"Authorization": f"Key {key}"})
        for _ in range(3):
            answer(await bot.get("/v1/markets"), 200)
        for caller in (ann, bot):
            refused = await caller.get("/v1/markets")
            problem(refused, 429, "too-many-requests")
            assert 1 <= int(refused.headers["Retry-After"]) <= 12
        bob = await api.sign_in()
        answer(await bob.get("/v1/markets"), 200)
        answer(await api.anyone.get("/v1/markets"), 200)
        api.clock.advance(timedelta(seconds=12))
        answer(await ann.get("/v1/markets"), 200)
        problem(await ann.get("/v1/markets"), 429, "too-many-requests")
        api.clock.advance(timedelta(minutes=1))
        assert [(await ann.get("/v1/markets")).status_code for _ in range(6)] == [200] * 5 + [429]


async def test_rate_limit_of_addresses(start_app: StartApp) -> None:
    """Whoever has no credential, or a bad one, shares what the address may ask; accounts and health are apart."""
    async with start_app(rate_limit="5") as api:
        ann = await api.sign_in()
        bad = Caller(api.http, "", {"Authorization": "Bearer nonsense"})
        for _ in range(3):
            problem(await bad.get("/v1/markets"), 401, "unauthenticated")
        problem(await api.anyone.get("/v1/portfolio"), 401, "unauthenticated")
        for caller in (api.anyone, bad):
            refused = await caller.get("/v1/markets")
            problem(refused, 429, "too-many-requests")
            assert 1 <= int(refused.headers["Retry-After"]) <= 12
        forged = await api.anyone.send("GET", "/v1/markets", headers={"X-Forwarded-For": "192.0.2.9"})
        problem(forged, 429, "too-many-requests")
        answer(await api.anyone.get("/v1/health"), 200)
        answer(await ann.get("/v1/markets"), 200)
        api.clock.advance(timedelta(seconds=12))
        answer(await api.anyone.get("/v1/markets"), 200)


async def test_rate_limit_behind_a_proxy(start_app: StartApp) -> None:
    """A proxy that is named tells whose requests it passes on: the last address it does not trust."""
    async with start_app(rate_limit="1", trusted_proxies="127.0.0.1") as api:
        for number in (1, 2):
            headers = {"X-Forwarded-For": f"203.0.113.7, 192.0.2.{number}"}
            answer(await api.anyone.send("GET", "/v1/markets", headers=headers), 200)
            problem(await api.anyone.send("GET", "/v1/markets", headers=headers), 429, "too-many-requests")


async def test_rate_limit_of_agents(start_app: StartApp) -> None:
    """An address asks the tools only so often too, whatever credential it shows them."""
    async with start_app(rate_limit="1") as api:
        bot = Caller(api.http, "", {"Authorization": "Bearer hk_nonsense"})
        answer(await api.anyone.get("/v1/markets"), 200)
        problem(await bot.send("POST", "/mcp", body={}), 429, "too-many-requests")


async def test_anonymous_reads_take_turns(start_app: StartApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at a time, all of them in the end; who has signed in waits for none of them."""
    reading, may_end, read = [0], asyncio.Event(), ListMarkets.execute

    async def slow(use_case: ListMarkets, request: ListMarketsRequest) -> ListMarketsResult:
        if request.caller is None:
            reading.append(reading[-1] + 1)
            await may_end.wait()
            reading.append(reading[-1] - 1)
        return await read(use_case, request)

    async with start_app() as api:
        ann = await api.sign_in()
        monkeypatch.setattr(ListMarkets, "execute", slow)
        reads = [asyncio.create_task(api.anyone.get("/v1/markets")) for _ in range(5)]
        await eventually(lambda: asyncio.sleep(0, reading[-1]), lambda number: number == 2)
        answer(await ann.get("/v1/markets"), 200)
        assert not any(task.done() for task in reads)
        may_end.set()
        assert [response.status_code for response in await asyncio.gather(*reads)] == [200] * 5
        assert max(reading) == 2


async def test_no_rate_limit_on_loopback() -> None:
    """Unless it is set; where others come from elsewhere there is one unless it is set to none."""
    clock = Clock()
    assert _rate_limits(Settings(), clock, is_alone=True) is None
    assert _rate_limits(Settings(), clock, is_alone=False) is not None
    assert _rate_limits(Settings(requests_per_minute=0), clock, is_alone=False) is None
    assert _rate_limits(Settings(requests_per_minute=9), clock, is_alone=True) is not None


async def test_restricted_creation(start_app: StartApp) -> None:
    """Only creators and admins create markets where that is set; an account comes first, then 403, then 409."""
    async with start_app(creators_only="true") as api:
        taken = await api.draft(await api.open_account("admin"))
        for roles in ((), ("creator",), ("admin",)):
            caller = await api.sign_in(*roles)
            body = {"name": "Rain?", "slug": api.name("rain")}
            problem(await caller.post("/v1/markets", body), 404, "account-not-found")
            answer(await caller.post("/v1/accounts"), 201)
            again = body | {"slug": taken}
            if roles:
                answer(await caller.post("/v1/markets", body), 201)
                problem(await caller.post("/v1/markets", again), 409, "slug-taken")
            else:
                problem(await caller.post("/v1/markets", body), 403, "forbidden")
                problem(await caller.post("/v1/markets", again), 403, "forbidden")


NAMES = frozenset({"127.0.0.1", "192.168.1.5"})
PUBLIC_URL = "https://hunch.example"
ITS_OWN = [
    *("192.168.1.5:8000", "hunch.example", "HUNCH.example:443", "127.0.0.1:1"),
    *("192.168.1.50", "10.0.0.7:8000", "[fd00::7]:8000", "[::1]"),
]
OF_OTHERS = [
    "evil.example",
    "hunch.example.evil.example",
    "hunch.example:x",
    "192.168.1.5.evil.example",
    "127.1",
    "2130706433",
    "0x7f000001",
    "hunch.example@evil.example",
    "",
]


async def test_host_names(start_app: StartApp) -> None:
    """The server answers to its own names, the public one and any address; to anything else, and to two, with a 400."""
    async with start_app(names=NAMES, public_url=PUBLIC_URL) as api:
        for host in ITS_OWN:
            answer(await api.http.get("/v1/health", headers={"Host": host}), 200)
        for hosts in ([host] for host in OF_OTHERS):
            response = await api.http.get("/v1/health", headers=[("Host", host) for host in hosts])
            problem(response, 400, "validation-failed", ["Host"])
        both = [("Host", "hunch.example"), ("Host", "evil.example")]
        problem(await api.http.get("/v1/health", headers=both), 400, "validation-failed", ["Host"])


@pytest.mark.parametrize("way", [{"names": NAMES, "public_url": PUBLIC_URL}, {"oidc_issuer": "http://127.0.0.1:9"}])
async def test_what_is_reachable_has_no_developer_sign_in(start_app: StartApp, way: dict[str, Any]) -> None:
    """Neither the route, nor what it has signed before over the same data, nor the keys that were made with that."""
    async with start_app() as api:
        signed_in = await api.open_account("admin")
        body = {"name": "bot", "scopes": ["read", "trade", "admin"]}
        key = answer(await signed_in.send("POST", "/v1/api-keys", body=body), 201)["key"]
        credentials = [signed_in.credential, {"Authorization": f"Key {key}"}, {"Authorization": f"Bearer {key}"}]
        for credential in credentials:
            answer(await Caller(api.http, "", credential).get("/v1/portfolio"), 200)
    async with start_app(**way, **({"oidc_audience": "hunch"} if "oidc_issuer" in way else {})) as api:
        for credential in credentials:
            problem(await Caller(api.http, "", credential).get("/v1/markets"), 401, "unauthenticated")
        problem(await api.anyone.send("POST", "/v1/dev/sign-in", body={"account": "ann"}), 404, "not-found")


PASSED_ON = [
    ("Forwarded", "for=192.0.2.1"),
    ("X-Forwarded-For", "192.0.2.1"),
    ("X-Forwarded-Host", "hunch.example"),
    ("x-forwarded-proto", "https"),
    ("X-Real-IP", "192.0.2.1"),
    ("CF-Connecting-IP", "192.0.2.1"),
    ("Fly-Client-IP", "192.0.2.1"),
    ("X-Azure-ClientIP", "192.0.2.1"),
    ("X-Original-Forwarded-For", "192.0.2.1"),
    ("Via", "1.1 proxy"),
    ("Sec-Fetch-Site", "cross-site"),
]


async def test_the_developer_sign_in_is_for_this_machine_alone(start_app: StartApp) -> None:
    """What a proxy, a tunnel or another site's page brings finds no such address, whatever it sends there."""
    async with start_app() as api:
        for name, value in PASSED_ON:
            for body in ({"account": "ann", "roles": ["admin"]}, {"nothing": 1}):
                refused = await api.http.post("/v1/dev/sign-in", json=body, headers={name: value})
                problem(refused, 404, "not-found")
        for site in ("same-origin", "same-site", "none"):
            headers = {"Sec-Fetch-Site": site}
            answer(await api.http.post("/v1/dev/sign-in", json={"account": "ann"}, headers=headers), 200)
        answer(await api.http.get("/v1/markets", headers=dict(PASSED_ON)), 200)


@pytest.mark.parametrize(("version", "is_direct_"), [("1.1", True), ("1.0", False), ("0.9", False)])
async def test_proxies_of_old_speak_an_old_version(version: str, is_direct_: bool) -> None:
    """Unless it is told to, nginx asks by HTTP/1.0, and says nothing else."""
    assert is_direct({"http_version": version, "headers": [(b"host", b"127.0.0.1")]}) is is_direct_


async def test_an_invitation_of_the_command_line(start_app: StartApp, tmp_path: Path) -> None:
    """`hunch invite --role admin` prints a link by which one comes in as an admin, who invites others over HTTP."""
    async with start_app(names=NAMES, public_url=PUBLIC_URL) as api:
        options = ["--role", "admin", "--public-url", PUBLIC_URL, "--database", str(tmp_path / "hunch.db")]
        ended = await asyncio.to_thread(CliRunner().invoke, main, ["invite", *options])
        assert ended.exit_code == 0, ended.output
        (url,) = [line for line in ended.stdout.splitlines() if line.startswith(f"{PUBLIC_URL}/invitation#")]
        body = {"invitation": url.partition("#")[2], "name": "Emmy"}
        opened = answer(await api.anyone.send("POST", "/v1/invitations/accept", body=body), 201)
        emmy = Caller(api.http, "emmy", {"Authorization": f"Bearer {opened['token']}"})
        thirty = {"count": 30, "expires_at": "2999-01-01T00:00:00Z"}
        made = answer(await emmy.send("POST", "/v1/invitations", body=thirty), 201)
        assert made["url"].startswith(f"{PUBLIC_URL}/invitation#")
        assert [item["url"] for item in await emmy.items("/v1/invitations")] == [made["url"], url]


async def test_guests_beside_an_issuer(start_app: StartApp) -> None:
    """Guests are told apart from the issuer's subjects; who came in before there was one is let in no more."""
    later = {"count": 9, "expires_at": "2999-01-01T00:00:00Z"}
    async with start_app() as api:
        admin = await api.open_account("admin")
        url: str = answer(await admin.send("POST", "/v1/invitations", body=later), 201)["url"]
        body = {"invitation": url.partition("#")[2], "name": "Bob"}
        before = answer(await api.anyone.send("POST", "/v1/invitations/accept", body=body), 201)
        assert before["account"] == "bob"
    async with start_app(oidc_issuer="http://127.0.0.1:9", oidc_audience="hunch") as api:
        headers = {"Authorization": f"Bearer {before['token']}"}
        problem(await api.http.get("/v1/portfolio", headers=headers), 401, "unauthenticated")
        guest = answer(await api.anyone.send("POST", "/v1/invitations/accept", body=body), 201)
        assert guest["account"] == "guest-bob"
        headers = {"Authorization": f"Bearer {guest['token']}"}
        answer(await api.http.get("/v1/portfolio", headers=headers), 200)
