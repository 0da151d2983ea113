"""The pages on which people read and try the API; everything they load comes from this server."""

from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from functions.registry import HTTP_TRIGGERS, Access, Http

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

DOCS_PATH = "/docs"
PAGES = tuple(Http("GET", path, Access.PUBLIC, HTTPStatus.OK, "Look around", "Instance") for path in ("/", DOCS_PATH))
_ASSETS = f"{DOCS_PATH}/assets/"
_START = f"{DOCS_PATH}/start.js"
_OPENAPI = HTTP_TRIGGERS["get_openapi"].path.removeprefix("/")


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
            return HTMLResponse(_PAGE)
        if path == _START:  # apart from the page, on which no script may stand
            return Response(_SCRIPT, media_type="text/javascript")
        if not path.startswith(_ASSETS):
            return None
        try:
            return await self._files.get_response(path.removeprefix(_ASSETS), scope)
        except HTTPException:
            return None


# Its addresses are relative: the whole may be installed below a path.
_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hunch</title>
<link rel="stylesheet" href="{_ASSETS[1:]}swagger-ui.css">
<link rel="alternate" type="application/json" href="{_OPENAPI}">
<link rel="icon" href="{_ASSETS[1:]}favicon.png">
<div id="swagger-ui"></div>
<script src="{_ASSETS[1:]}swagger-ui-bundle.js"></script>
<script src="{_START[1:]}"></script>
"""
_SCRIPT = f"""SwaggerUIBundle({{
  url: "{_OPENAPI}",
  dom_id: "#swagger-ui",
  deepLinking: true,
  showExtensions: true,
  showCommonExtensions: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
}});
"""
