"""The page that people trade on: the files that web/ is built into, served beside the API."""

import html
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from functions.adapter.in_.http.messages import Request
from functions.embedded.built_files import BuiltFiles, answer_with, content_of
from functions.embedded.direct_only import is_direct
from functions.embedded.previews import Preview, Previews

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

BUILT_PAGE = Path(__file__).parents[2] / "web" / "dist"
"""Where `make web` leaves the page; not there when nobody has built it."""

CONFIG_PATH = "/config.json"
_INDEX = "index.html"
_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATED = "no-cache"


@dataclass(frozen=True, slots=True)
class OidcClient:
    """The page's registration with an OpenID provider.

    Args:
        issuer: the provider's address, under which its configuration is found.
        client_id: what the provider calls the page.
    """

    issuer: str
    client_id: str


@dataclass(frozen=True, slots=True)
class SignInWays:
    """How people sign in on this instance; the page reads it from ``/config.json``.

    Args:
        developer: anybody may be anybody, for direct requests to the loopback address: to others it is never offered.
        invitations: a link from an admin opens an account.
        oidc: the OpenID provider, if there is one.
    """

    developer: bool = False
    invitations: bool = False
    oidc: OidcClient | None = None


class Page:
    """Answers with the built page where the API has nothing: its files, and itself at every address a browser opens.

    What has a hash in its name never changes and may be kept for ever; everything else is asked for again each time.

    Args:
        app: the API, which answers everything else.
        directory: the folder of the built page.
        sign_in: what to tell the page about signing in.
        previews: what links show of what is behind them; None where nobody may know without signing in.
    """

    def __init__(self, app: "ASGIApp", directory: Path, sign_in: SignInWays, previews: Previews | None = None) -> None:
        self._app = app
        self._previews = previews
        self._files = BuiltFiles(directory)
        self._sign_in = sign_in

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        answer = None if _is_for_api(scope) else await self._answer(scope)
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, scope: "Scope") -> Response | None:
        """The answer for an address of the page; None when it is none."""
        path: str = scope["path"]
        if path == CONFIG_PATH:
            ways = self._sign_in if is_direct(scope) else replace(self._sign_in, developer=False)
            return JSONResponse({"sign_in": asdict(ways)}, headers={"Cache-Control": _REVALIDATED})
        if path == "/" or (_is_page_address(path) and "text/html" in Headers(scope=scope).get("accept", "")):
            return await self._page(path, Request(scope))
        return self._file(path.lstrip("/"), Request(scope))

    async def _page(self, path: str, request: Request) -> Response | None:
        """The page itself, as it is to be sent at an address; None while it is being built anew."""
        index = self._files.find(_INDEX)
        if index is None:
            return None
        preview = await self._previews.of(path) if self._previews else None
        text = _at(index.body.decode(), request.base_url, request.scope.get("root_path", ""))
        body = (_naming(text, preview) if preview else text).encode()
        return answer_with(content_of(body, "text/html"), request, _REVALIDATED)

    def _file(self, name: str, request: Request) -> Response | None:
        content = self._files.find(name)
        if content is None:
            return None
        return answer_with(content, request, _IMMUTABLE if name.startswith("assets/") else _REVALIDATED)


def _at(page: str, base_url: str, place: str) -> str:
    """The page with its addresses below the path of this instance; pictures of previews need whole addresses."""
    whole = _PICTURE.sub(lambda found: f"{found[1]}{html.escape(base_url)}", page)
    return _ROOTED.sub(lambda found: f'{found[1]}="{place}/', whole)


def _naming(page: str, preview: Preview) -> str:
    """The page with what a preview says in its head."""
    title, description = html.escape(preview.title), html.escape(preview.description)
    for pattern, text in ((_TITLE, f"{title} · Hunch"), (_SHARED_TITLE, title), (_DESCRIPTIONS, description)):
        page = _between(pattern, text, page)
    return page


def _between(pattern: re.Pattern[str], text: str, page: str) -> str:
    """The page with a text in place of what is between a pattern's two groups."""
    return pattern.sub(lambda found: f"{found[1]}{text}{found[2]}", page)


_ROOTED = re.compile(r'\b(href|src|content)="/')
_PICTURE = re.compile(r'(property="og:image" content=")/')
_TITLE = re.compile(r"(<title>)[^<]*(</title>)")
_SHARED_TITLE = re.compile(r'(property="og:title" content=")[^"]*(")')
_DESCRIPTIONS = re.compile(r'((?:name="|property="og:)description" content=")[^"]*(")')


def _is_for_api(scope: "Scope") -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return True
    return f"{scope['path']}/".startswith(("/v1/", "/docs/"))


def _is_page_address(path: str) -> bool:
    """Whether it may be the address of a page and not of a file: the page itself says which addresses it knows."""
    return "." not in path.rpartition("/")[2]
