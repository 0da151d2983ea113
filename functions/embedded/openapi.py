"""Write the OpenAPI document of all functions to where it is kept: ``python -m functions.embedded.openapi``."""

import json
from pathlib import Path
from typing import override

from fastapi import Request

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.application import create_http_app
from functions.adapter.in_.http.authentication import Authenticator, Entrance
from functions.api.instance.get_openapi.document import PATH
from functions.config.release import VERSION
from functions.embedded.app import routers
from functions.registry import HTTP_TRIGGERS

CONTRACT = Path(__file__).parents[2] / "docs" / "api.md"
TABLE_HEADING = "| endpoint | what it does | who |"


class _Nobody(Authenticator):
    """Checks nothing: the routes are described and not called."""

    @override
    async def authenticate(self, request: Request) -> Caller | None:
        return None


def render_document() -> str:
    """The document, as it is kept."""
    app = create_http_app(routers(lambda _: None), HTTP_TRIGGERS.values(), Entrance(_Nobody()), version=VERSION)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def render_table() -> str:
    """The table of endpoints, as docs/api.md has it."""
    rows = [
        f"| `{each.method} {each.path}` | {each.summary} | {each.serves.value} |" for each in HTTP_TRIGGERS.values()
    ]
    return "\n".join([TABLE_HEADING, "|---|---|---|", *rows])


def write_table() -> None:
    """Renew the table in docs/api.md: what lies between its heading and the next blank line."""
    before, _, rest = CONTRACT.read_text("utf-8").partition(TABLE_HEADING)
    CONTRACT.write_text(f"{before}{render_table()}\n\n{rest.partition('\n\n')[2]}", "utf-8")


if __name__ == "__main__":
    PATH.write_text(render_document(), "utf-8")
    write_table()
