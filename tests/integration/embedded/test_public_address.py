"""Serving below a path of a host: what the page, the API and their links are called there."""

import json
from pathlib import Path

import httpx
import pytest

from functions.adapter.out.sqlite.database import Database
from functions.config.settings import InvalidSettingError, Settings, read_public_url
from functions.embedded.app import create_app

pytestmark = pytest.mark.asyncio

HOST = "example.org"
INDEX = """<meta name="place" content="/" /><meta property="og:image" content="/icon-512.png" />
<link rel="icon" href="/icon.svg" /><script type="module" src="/assets/index-4f2a.js"></script>"""
BROWSER = {"Accept": "text/html"}


async def ask(path: Path, url: str, *addresses: str, host: str = HOST) -> list[httpx.Response]:
    """The answers of an instance that people reach at an address, to its own machine's proxy."""
    dist = path / "dist"
    dist.mkdir(exist_ok=True)
    (dist / "index.html").write_text(INDEX)
    with Database.open(path / "hunch.db") as database:
        app = create_app(database, Settings.from_environment({"HUNCH_PUBLIC_URL": url}), page=dist)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{host}") as http:
            return [await http.get(address, headers=BROWSER) for address in addresses]


@pytest.mark.parametrize("prefix", ["/hunch", ""])
async def test_the_page_below_a_path(tmp_path: Path, prefix: str) -> None:
    """Every address in it has the path, whether a proxy passes the path on or removes it."""
    (page,) = await ask(tmp_path, "https://example.org/hunch", f"{prefix}/markets/rain")
    assert page.text == INDEX.replace('content="/" ', 'content="/hunch/" ').replace('="/a', '="/hunch/a').replace(
        'href="/', 'href="/hunch/'
    ).replace('"/icon-512', '"https://example.org/hunch/icon-512')


@pytest.mark.parametrize("prefix", ["/hunch", ""])
async def test_the_api_below_a_path(tmp_path: Path, prefix: str) -> None:
    """Problems lead to their page there, and the document's operations are there; a redirect stays below the path."""
    addresses = ("/v1/markets", "/v1/markets/none", "/v1/openapi.json", "/docs")
    markets, refused, document, docs = await ask(
        tmp_path, "https://example.org/hunch", *(f"{prefix}{each}" for each in addresses)
    )
    assert [each.status_code for each in (markets, refused, document, docs)] == [200, 404, 200, 200]
    assert refused.json()["type"] == "https://example.org/hunch/problems/market-not-found"
    assert json.loads(document.text)["servers"] == [{"url": "/hunch"}]
    assert 'src="/' not in docs.text


async def test_without_its_slash_the_path_leads_to_the_page(tmp_path: Path) -> None:
    """Relative addresses would be wrong there. A path that only begins alike is none of it."""
    short, alike = await ask(tmp_path, "https://example.org/hunch", "/hunch", "/hunches/v1/markets")
    assert (short.status_code, short.headers["Location"]) == (308, "/hunch/")
    assert "problem" not in short.text
    assert alike.text.startswith("<meta")  # an address of the page, which says that nothing is there


async def test_another_name_keeps_its_scheme(tmp_path: Path) -> None:
    """What reaches the machine by its own address does not speak https because others do."""
    (refused,) = await ask(tmp_path, "https://example.org", "/v1/markets/none", host="127.0.0.1:8000")
    assert refused.json()["type"] == "http://127.0.0.1:8000/problems/market-not-found"


async def test_a_redirect_stays_below_the_path(tmp_path: Path) -> None:
    """Where nobody has built the page, the front door leads to the documentation."""
    with Database.open(tmp_path / "hunch.db") as database:
        app = create_app(database, Settings(public_url="https://example.org/a/b"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{HOST}") as http:
            front = await http.get("/a/b/")
    assert (front.status_code, front.headers["Location"]) == (307, "/a/b/docs")


@pytest.mark.parametrize(
    "text", ["https://example.org/hunch", "https://example.org/a/b-c_d~1/", "http://[::1]:8000/x", "http://a:1"]
)
async def test_public_addresses(text: str) -> None:
    """With or without a path, and with or without the slash at its end."""
    assert read_public_url("--public-url", text) == text.rstrip("/")


@pytest.mark.parametrize(
    "path", ["//a", "/..", "/a/../b", "/.", "/a b", "/a%2fb", "/a?b", "/a#b", "/é", '/"', "/a//", "/a\\b"]
)
async def test_paths_that_are_refused(path: str) -> None:
    """What a proxy or a browser would rewrite on the way."""
    with pytest.raises(InvalidSettingError, match="--public-url"):
        read_public_url("--public-url", f"https://example.org{path}")
