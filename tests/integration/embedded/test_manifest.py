"""What phones install the page by: the manifest and the icons are what they say, and there below a path too."""

import re
import struct
from pathlib import Path

import httpx
import pytest

from functions.adapter.out.sqlite.database import Database
from functions.config.settings import Settings
from functions.embedded.app import create_app

WEB = Path(__file__).parents[3] / "web"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with its public files, as a build leaves them."""
    folder = tmp_path_factory.mktemp("dist")
    for file in (WEB / "index.html", *(WEB / "public").iterdir()):
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


@pytest.mark.parametrize("place", ["", "/hunch"])
async def test_the_manifest_and_its_icons(built: Path, tmp_path: Path, place: str) -> None:
    """The page names them; each is there, of its type and size; installed, it begins at its own place."""
    settings = Settings(public_url=f"http://127.0.0.1{place}")
    with Database.open(tmp_path / "hunch.db") as database:
        transport = httpx.ASGITransport(create_app(database, settings, page=built))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            page = await http.get(f"{place}/", headers={"Accept": "text/html"})
            links = dict(re.findall(r'<link rel="(icon|apple-touch-icon|manifest)" href="([^"]+)"', page.text))
            assert links.keys() == {"icon", "apple-touch-icon", "manifest"}
            answer = await http.get(links["manifest"])
            assert answer.headers["Content-Type"] == "application/manifest+json"
            manifest, base = answer.json(), answer.url
            for name in ("start_url", "scope"):
                assert base.join(manifest[name]).path == f"{place}/"
            assert manifest["name"]
            assert manifest["display"] == "standalone"
            sizes = {icon["sizes"] for icon in manifest["icons"] if "maskable" not in icon.get("purpose", "")}
            assert {"192x192", "512x512"} <= sizes
            for icon in manifest["icons"]:
                picture = await http.get(base.join(icon["src"]))
                assert picture.headers["Content-Type"].partition(";")[0] == icon["type"]
                if icon["type"] == "image/png":
                    assert icon["sizes"] == "{}x{}".format(*_size(picture.content))
            assert _size((await http.get(links["apple-touch-icon"])).content) == (180, 180)
            assert (await http.get(links["icon"])).status_code == 200


def _size(png: bytes) -> tuple[int, int]:
    """Width and height, from a PNG's header."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height
