"""The built page beside the API: what is cached, what a browser may do with it, and what stays the API's."""

import gzip
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.responses import JSONResponse

from functions.adapter.out.sqlite.database import Database
from functions.config.settings import Settings
from functions.embedded.app import _sign_in_ways, create_app
from functions.embedded.page import OidcClient, Page, SignInWays
from functions.embedded.security_headers import security_headers
from functions.registry.deployed import FIRST_SCRIPT

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SECURITY = security_headers()
INDEX = "<!doctype html><title>Hunch</title>"
LONG_SCRIPT = "export const text = 'much the same, and again ';\n" * 200


def client(app: Callable[..., Any]) -> httpx.AsyncClient:
    """A client of an application."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build leaves behind, with something beside it that is nobody's business."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "secret.txt").write_text("secret")
    dist = folder / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text(INDEX)
    (dist / "icon.svg").write_text("<svg/>")
    (dist / "assets" / "index-4f2a.js").write_text("export {}")
    (dist / "assets" / "shared-09ad.js").write_text(LONG_SCRIPT)
    return dist


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http(built: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """The whole application with the page."""
    with Database.open(tmp_path_factory.mktemp("database") / "hunch.db") as database:
        async with client(create_app(database, page=built)) as opened:
            yield opened


@pytest.mark.parametrize("path", ["/", "/markets/rain", "/problems/insufficient-funds", "/sign-in/callback?code=1"])
async def test_a_browser_gets_the_page_at_every_address(http: httpx.AsyncClient, path: str) -> None:
    """The page finds its way by the address itself, and is asked for again each time."""
    response = await http.get(path, headers=BROWSER)
    assert (response.status_code, response.text) == (200, INDEX)
    assert response.headers["Cache-Control"] == "no-cache"


async def test_what_has_a_hash_in_its_name_is_kept_for_ever(http: httpx.AsyncClient) -> None:
    """Assets are immutable; other files are asked for again, and 304 says that nothing changed."""
    asset, icon = await http.get("/assets/index-4f2a.js"), await http.get("/icon.svg")
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert asset.headers["Content-Type"].startswith("text/javascript")
    assert icon.headers["Cache-Control"] == "no-cache"
    again = await http.get("/icon.svg", headers={"If-None-Match": icon.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip, deflate, br", True),
        ("br;q=1, GZIP ; q=0.5", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("", False),
    ],
)
async def test_scripts_are_compressed_for_who_takes_that(
    http: httpx.AsyncClient, accepted: str, *, is_packed: bool
) -> None:
    """Each form has its own tag, and caches know what the choice depends on."""
    headers = {"Accept-Encoding": accepted}
    async with http.stream("GET", "/assets/shared-09ad.js", headers=headers) as response:
        sent = b"".join([part async for part in response.aiter_raw()])
    assert response.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
    assert (gzip.decompress(sent) if is_packed else sent) == LONG_SCRIPT.encode()
    assert int(response.headers["Content-Length"]) == len(sent)
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["ETag"].endswith('-gzip"') is is_packed
    tag = {"If-None-Match": f'"other", W/{response.headers["ETag"]}'}
    again = await http.get("/assets/shared-09ad.js", headers=headers | tag)
    assert (again.status_code, again.content, again.headers["Vary"]) == (304, b"", "Accept-Encoding")
    other = {"Accept-Encoding": "identity" if is_packed else "gzip"}
    assert (await http.get("/assets/shared-09ad.js", headers=other | tag)).status_code == 200


async def test_what_would_not_get_smaller_is_sent_as_it_is(http: httpx.AsyncClient) -> None:
    """A few bytes, like pictures, only get longer."""
    response = await http.get("/icon.svg", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in response.headers
    assert "Vary" not in response.headers


async def test_what_is_built_anew_is_served_anew(tmp_path: Path) -> None:
    """A file is kept in memory until it changes, also to another of the same size, or goes away."""
    nothing: Any = JSONResponse({}, status_code=404)
    index = tmp_path / "index.html"
    async with client(Page(nothing, tmp_path, SignInWays())) as page:
        assert (await page.get("/")).status_code == 404
        for changed, text in enumerate(("<title>One</title>", "<title>Two</title>")):
            index.write_text(text)
            os.utime(index, ns=(changed, changed))
            assert (await page.get("/")).text == text
        index.unlink()
        assert (await page.get("/")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/icon.svg",
            "/config.json",
            "/problems/not-found",
            "/docs",
            "/docs/start.js",
            "/docs/assets/favicon.png",
        ),
        *("/v1/markets", "/v1/markets/none-such", "/v1/portfolio", "/nothing.txt", "/v1/openapi.json"),
    ],
)
async def test_a_browser_runs_what_is_from_here_only(http: httpx.AsyncClient, path: str) -> None:
    """Every answer carries one policy without exceptions, problems and the documentation too, and leads nowhere."""
    response = await http.get(path, headers=BROWSER)
    assert {name: response.headers.get_list(name) for name in SECURITY} == {
        name: [value] for name, value in SECURITY.items()
    }
    assert f"script-src 'self' '{FIRST_SCRIPT}';" in SECURITY["Content-Security-Policy"]
    assert "unsafe" not in SECURITY["Content-Security-Policy"]
    assert SECURITY["Referrer-Policy"] == "no-referrer"


async def test_a_stranger_host_is_told_the_same(http: httpx.AsyncClient) -> None:
    """Also what is refused before it reaches a page or a route."""
    refused = await http.get("/", headers={"Host": "evil.example"})
    assert refused.status_code == 400
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_documentation_runs_no_script_of_its_own_text(http: httpx.AsyncClient) -> None:
    """All its scripts and styles are files of this server: the policy would stop any other."""
    page = (await http.get("/docs")).text
    assert re.findall(r"<script(?! src=)", page) == []
    assert "<style" not in page
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert (await http.get(address)).status_code == 200
    assert '"v1/openapi.json"' in (await http.get("/docs/start.js")).text


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/nothing",
        "/v1/markets/none-such",
        "/nothing.txt",
        "/assets/old.js",
        "/../secret.txt",
        "/a.%00",
    ],
)
async def test_the_rest_stays_a_problem(http: httpx.AsyncClient, path: str) -> None:
    """Unknown addresses of the API and missing files are problems, also to a browser."""
    response = await http.get(path, headers=BROWSER)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


async def test_programs_get_problems(http: httpx.AsyncClient) -> None:
    """Only who asks for HTML gets it at an address without a file; other methods are the API's."""
    assert (await http.get("/nothing")).headers["Content-Type"] == "application/problem+json"
    assert (await http.post("/markets/rain", headers=BROWSER)).status_code == 404
    assert (await http.get("/docs", headers=BROWSER)).text != INDEX


async def test_the_page_learns_how_people_sign_in(http: httpx.AsyncClient) -> None:
    """`hunch serve` on the loopback address lets anybody be anybody."""
    response = await http.get("/config.json")
    assert response.json() == {"sign_in": {"developer": True, "invitations": True, "oidc": None}}


@pytest.mark.parametrize(
    "header",
    [
        *(("X-Forwarded-For", "203.0.113.9"), ("Forwarded", "for=203.0.113.9"), ("Via", "1.1 tunnel")),
        *(("CF-Connecting-IP", "203.0.113.9"), ("Sec-Fetch-Site", "cross-site")),
    ],
)
async def test_the_page_offers_what_the_server_answers(http: httpx.AsyncClient, header: tuple[str, str]) -> None:
    """Whoever comes through a proxy finds no developer sign-in, and is offered none."""
    offered = (await http.get("/config.json", headers=[header])).json()["sign_in"]
    answered = await http.post("/v1/dev/sign-in", json={"account": "ann"}, headers=[header])
    assert (offered["developer"], answered.status_code) == (False, 404)
    assert offered["invitations"], "the other ways stay"
    assert (await http.get("/config.json")).json()["sign_in"]["developer"], "the next direct request is a direct one"


async def test_a_provider_may_be_called(built: Path) -> None:
    """With an OpenID provider the page is told of it, and may call it."""
    ways = SignInWays(oidc=OidcClient("http://127.0.0.1:9000/realm", "hunch-web"))
    nothing: Any = None  # where the page has no answer; it has one here
    async with client(Page(nothing, built, ways)) as provided:
        response = await provided.get("/config.json")
    assert response.json()["sign_in"]["oidc"] == {"issuer": "http://127.0.0.1:9000/realm", "client_id": "hunch-web"}
    policy = security_headers("http://127.0.0.1:9000/realm")["Content-Security-Policy"]
    assert "connect-src 'self' https: http://127.0.0.1:9000;" in policy


@pytest.mark.parametrize("audience", ["hunch-web", "hunch-web bots", " hunch-web  bots a-third "])
async def test_the_page_signs_in_as_the_first_audience(audience: str) -> None:
    """Tokens may be for others too, but the page needs to know what the issuer calls it."""
    environment = {"HUNCH_OIDC_ISSUER": "https://issuer.example", "HUNCH_OIDC_AUDIENCE": audience}
    ways = _sign_in_ways(Settings.from_environment(environment), is_alone=False)
    assert ways == SignInWays(invitations=True, oidc=OidcClient("https://issuer.example", "hunch-web"))


async def test_without_a_page_the_front_door_shows_the_documentation(tmp_path: Path) -> None:
    """Where nobody has built the page there is the API alone."""
    with Database.open(tmp_path / "hunch.db") as database:
        async with client(create_app(database)) as bare:
            response = await bare.get("/", headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (307, "/docs")
