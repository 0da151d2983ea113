"""What links to markets show in chats: the page's head, filled by the server as far as anybody may see it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Never

import httpx
import pytest

from domain.application.trading.get_market import GetMarketRequest
from domain.model.kernel.errors import MarketNotFoundError
from functions.adapter.out.sqlite.database import Database
from functions.config.settings import Settings
from functions.embedded.app import create_app
from functions.embedded.previews import Previews, _percent

pytestmark = pytest.mark.asyncio

HEAD = """<meta name="description" content="Trade." /><meta property="og:title" content="Hunch" />
<meta property="og:description" content="Trade." /><title>Hunch</title>"""
NOW = datetime(2026, 11, 27, tzinfo=UTC)


async def heads(path: Path, *addresses: str, private: str = "false") -> list[str]:
    """The page's head at these addresses of an instance with one open market, one draft and one that is voided."""
    dist = path / "dist"
    dist.mkdir()
    (dist / "index.html").write_text(HEAD)
    settings = Settings.from_environment({"HUNCH_PRIVATE": private})
    with Database.open(path / "hunch.db") as database:
        app = create_app(database, settings, page=dist)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
            await _prepare(http)
            return [(await http.get(each, headers={"Accept": "text/html"})).text for each in addresses]


async def _prepare(http: httpx.AsyncClient) -> None:
    token = (await http.post("/v1/dev/sign-in", json={"account": "ann", "roles": ["admin"]})).json()["token"]
    keys = iter(range(100))

    async def post(path: str, body: dict[str, object]) -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{next(keys):016}"}
        (await http.post(path, json=body, headers=headers)).raise_for_status()

    await post("/v1/accounts", {})
    for slug, name in (("rain", 'Will it rain on "Ada" <b>?'), ("void", "Void?"), ("draft", "A secret?")):
        about = "Measured\nat the   station. " + "Long. " * 60
        await post("/v1/markets", {"slug": slug, "name": name, "description": about, "liquidity": "100"})
    await post("/v1/markets/rain/publish", {})
    await post("/v1/markets/rain/orders", {"side": "buy", "outcome": "YES", "spend": "50"})
    await post("/v1/markets/void/publish", {})
    await post("/v1/markets/void/void", {"reason": "No station."})


async def test_what_links_show(tmp_path: Path) -> None:
    """A market's question and where it stands, escaped and cut; everything else, and drafts, show Hunch alone."""
    rain, void, draft, missing, front = await heads(
        tmp_path, "/markets/rain", "/markets/void", "/markets/draft", "/markets/none", "/"
    )
    assert "<title>Will it rain on &quot;Ada&quot; &lt;b&gt;? · Hunch</title>" in rain
    assert 'property="og:title" content="Will it rain on &quot;Ada&quot; &lt;b&gt;?"' in rain
    assert rain.count('content="YES 69.7%, NO 30.3%. Measured at the station. Long.') == 2
    assert rain.count('…"') == 2
    assert void.count('content="Voided. Measured') == 2
    assert draft == missing == front == HEAD


async def test_a_private_instance_shows_nothing(tmp_path: Path) -> None:
    """Its questions are for whoever has signed in."""
    assert await heads(tmp_path, "/markets/rain", private="true") == [HEAD]


@pytest.mark.parametrize(
    ("millionths", "shown"),
    [(0, "<0.1%"), (1, "<0.1%"), (499_999, "50%"), (573_400, "57.3%"), (999_499, "99.9%"), (999_992, ">99.9%")],
)
async def test_no_certainty(millionths: int, shown: str) -> None:
    """What is not decided is never 0 % or 100 %."""
    assert _percent(millionths) == shown


async def test_only_markets_are_read() -> None:
    """Nothing is asked for at other addresses, nor at a market's other pages."""
    asked: list[str] = []

    class GetMarket:
        async def execute(self, request: GetMarketRequest) -> Never:
            asked.append(request.slug)
            raise MarketNotFoundError(request.slug)

    previews = Previews(GetMarket())
    for path in ("/", "/markets", "/markets/rain/screen", "/people/markets/", "/markets/none"):
        assert await previews.of(path) is None
    assert asked == ["none"]
