"""The pages on which people read and try the API; everything they load comes from this server."""

from http import HTTPStatus
from importlib.resources import files

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.staticfiles import StaticFiles

from functions.registry import HTTP_TRIGGERS, Access, Http

DOCS_PATH = "/docs"
PAGES = tuple(Http("GET", path, Access.PUBLIC, HTTPStatus.OK, "Look around", "Instance") for path in ("/", DOCS_PATH))
_ASSETS = f"{DOCS_PATH}/assets"


def add_documentation(app: FastAPI) -> None:
    """Serve the pages that show the OpenAPI document, and a way there from the front door."""
    app.mount(_ASSETS, StaticFiles(directory=str(files("fastapi_offline") / "static")))
    app.add_api_route(DOCS_PATH, _docs, include_in_schema=False)
    app.add_api_route("/", _show_docs, include_in_schema=False)


async def _docs() -> HTMLResponse:
    return get_swagger_ui_html(
        openapi_url=HTTP_TRIGGERS["get_openapi"].path,
        title="Hunch",
        swagger_js_url=f"{_ASSETS}/swagger-ui-bundle.js",
        swagger_css_url=f"{_ASSETS}/swagger-ui.css",
        swagger_favicon_url=f"{_ASSETS}/favicon.png",
    )


async def _show_docs() -> RedirectResponse:
    return RedirectResponse(DOCS_PATH, HTTPStatus.TEMPORARY_REDIRECT)
