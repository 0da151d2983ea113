"""Write the OpenAPI document of all functions to where it is kept: ``python -m functions.embedded.openapi``."""

import json
from typing import override

from fastapi import Request

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.application import create_http_app
from functions.adapter.in_.http.authentication import Authenticator, Entrance
from functions.api.instance.get_openapi.document import PATH
from functions.config.release import VERSION
from functions.embedded.app import routers
from functions.registry import HTTP_TRIGGERS


class _Nobody(Authenticator):
    """Checks nothing: the routes are described and not called."""

    @override
    async def authenticate(self, request: Request) -> Caller | None:
        return None


def render_document() -> str:
    """The document, as it is kept."""
    app = create_http_app(routers(lambda _: None), HTTP_TRIGGERS.values(), Entrance(_Nobody()), version=VERSION)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(render_document(), "utf-8")
