"""The pages on which people read and try the API; everything they load comes from this server."""

from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from functions.adapter.in_.http.endpoint import trigger_router
from functions.registry import Access, Http

OPENAPI = Http("GET", "/v1/openapi.json", Access.PUBLIC, HTTPStatus.OK, "Read this document", "Instance")
DOCS_PATH = "/docs"
PAGES = tuple(Http("GET", path, Access.PUBLIC, HTTPStatus.OK, "Look around", "Instance") for path in ("/", DOCS_PATH))
_ASSETS = f"{DOCS_PATH}/assets"


def add_documentation(app: FastAPI) -> None:
    """Serve the OpenAPI document, the pages that show it, and a way there from the front door."""
    app.include_router(trigger_router("get_openapi", OPENAPI, _openapi))
    app.mount(_ASSETS, StaticFiles(directory=str(files("fastapi_offline") / "static")))
    app.add_api_route(DOCS_PATH, _docs, include_in_schema=False)
    app.add_api_route("/", _show_docs, include_in_schema=False)


async def _openapi(request: Request) -> dict[str, Any]:
    app: FastAPI = request.app
    return app.openapi()


async def _docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url=OPENAPI.path,
        title="Hunch",
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
    )


async def _show_docs() -> RedirectResponse:
    return RedirectResponse(DOCS_PATH, HTTPStatus.TEMPORARY_REDIRECT)
