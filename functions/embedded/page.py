"""The page that people trade on: the files that web/ is built into, served beside the API."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from functions.embedded.direct_only import is_direct

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
    """

    def __init__(self, app: "ASGIApp", directory: Path, sign_in: SignInWays) -> None:
        self._app = app
        self._files = StaticFiles(directory=directory)
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
            return await self._file(_INDEX, scope)
        return await self._file(path.lstrip("/"), scope)

    async def _file(self, name: str, scope: "Scope") -> Response | None:
        try:
            answer = await self._files.get_response(name, scope)
        except HTTPException:
            return None
        answer.headers["Cache-Control"] = _IMMUTABLE if name.startswith("assets/") else _REVALIDATED
        return answer


def _is_for_api(scope: "Scope") -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return True
    return f"{scope['path']}/".startswith(("/v1/", "/docs/"))


def _is_page_address(path: str) -> bool:
    """Whether it may be the address of a page and not of a file: the page itself says which addresses it knows."""
    return "." not in path.rpartition("/")[2]
