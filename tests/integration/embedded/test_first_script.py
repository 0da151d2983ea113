"""The one script within the page: the policy knows it by its hash, wherever the page is served."""

import base64
import hashlib
import re
from pathlib import Path

import httpx
import pytest

from functions.adapter.out.sqlite.database import Database
from functions.config.settings import Settings
from functions.embedded.app import create_app

WEB = Path(__file__).parents[3] / "web"
BROWSER = {"Accept": "text/html"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """The page as a build leaves it: with its first script inside."""
    page, script = ((WEB / name).read_text("utf-8") for name in ("index.html", "src/first.js"))
    assert page.count("<!-- src/first.js -->") == 1
    (tmp_path / "index.html").write_text(page.replace("<!-- src/first.js -->", f"<script>{script}</script>"))
    return tmp_path


@pytest.mark.parametrize("place", ["", "/hunch"])
async def test_the_policy_lets_the_first_script_run_and_no_other(built: Path, place: str) -> None:
    """Its hash is that of what is served; every address in the frame around it is below the instance's path."""
    settings = Settings(public_url=f"http://127.0.0.1{place}")
    with Database.open(built / "hunch.db") as database:
        transport = httpx.ASGITransport(create_app(database, settings, page=built))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            answer = await http.get(f"{place}/", headers=BROWSER)
    (script,) = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r"script-src ([^;]+)", answer.headers["Content-Security-Policy"])
    assert policy == f"'self' 'sha256-{digest}'"
    addresses = re.findall(r'(?:href|src)="(/[^"]*)"', answer.text)
    assert len(addresses) > 8
    assert all(address.startswith(f"{place}/") for address in addresses)
