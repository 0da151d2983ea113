"""The pages on which people read and try the API; everything they load comes from this server."""

from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING

from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from functions.registry import HTTP_TRIGGERS, Access, Http

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

DOCS_PATH = "/docs"
PAGES = tuple(Http("GET", path, Access.PUBLIC, HTTPStatus.OK, "Look around", "Instance") for path in ("/", DOCS_PATH))
_ASSETS = f"{DOCS_PATH}/assets/"


class Documentation:
    """Answers with the pages that show the OpenAPI document, and leads there from the front door.

    Args:
        app: the API, which answers everything else.
    """

    def __init__(self, app: "ASGIApp") -> None:
        self._app = app
        self._files = StaticFiles(directory=str(files("fastapi_offline") / "static"))

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one request."""
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        answer = await self._answer(scope["path"], scope) if is_read else None
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, path: str, scope: "Scope") -> Response | None:
        """The answer for an address of the documentation; None when it is none."""
        if path == "/":
            return RedirectResponse(DOCS_PATH, HTTPStatus.TEMPORARY_REDIRECT)
        if path == DOCS_PATH:
            return _docs()
        if not path.startswith(_ASSETS):
            return None
        try:
            return await self._files.get_response(path.removeprefix(_ASSETS), scope)
        except HTTPException:
            return None


def _docs() -> Response:
    return get_swagger_ui_html(
        openapi_url=HTTP_TRIGGERS["get_openapi"].path,
        title="Hunch",
        swagger_js_url=f"{_ASSETS}swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}favicon.png",
    )
