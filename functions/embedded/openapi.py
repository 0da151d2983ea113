"""The OpenAPI document of the routes. ``python -m functions.embedded.openapi`` writes that of all functions anew.

FastAPI makes the document, of stand-ins for the routes: those that serve read their parameters themselves.
"""

import inspect
import json
from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from fastapi import FastAPI, Header, Query
from fastapi import Response as EmptyResponse
from fastapi.responses import JSONResponse
from pydantic.fields import FieldInfo

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.idempotency import KeyHeader
from functions.adapter.in_.http.messages import Request, Response
from functions.adapter.in_.http.parameters import query_name
from functions.adapter.in_.http.problem_details import MEDIA_TYPE, ProblemDetails
from functions.api.instance.get_openapi.document import PATH
from functions.config.release import VERSION
from functions.embedded.routes import routes
from functions.registry import HTTP_TRIGGERS, Access, Http

CONTRACT = Path(__file__).parents[2] / "docs" / "api.md"
TABLE_HEADING = "| endpoint | what it does | who |"

_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of the issuer's, or an invitation's."},
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A bot key, as 'Key hk_…'; a route's description names the scope it needs.",
    },
}
_PROBLEM: dict[str, Any] = {
    "description": "What was wrong, and what to do about it",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
}
_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.PUBLIC: [],
    Access.OPTIONAL: [{}, {"bearer": []}, {"key": []}],
    Access.ACCOUNT: [{"bearer": []}, {"key": []}],
}


def describe(described: Iterable[Route], place: str = "") -> dict[str, Any]:
    """The OpenAPI document of some routes.

    Args:
        described: the routes.
        place: the path on its host below which they are.
    """
    app = FastAPI(title="Hunch", summary="A prediction market of your own", version=VERSION)
    for route in described:
        if route.is_described:
            _add(app, route)
    document = app.openapi()
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas = document["components"]["schemas"]
    schemas.update({**schema.pop("$defs"), "ProblemDetails": schema})
    document["components"]["securitySchemes"] = _SECURITY_SCHEMES
    if place:
        document["servers"] = [{"url": place}]
    _publish_optional_bodies(document)
    _name_alternatives(schemas)
    return document


def _add(app: FastAPI, route: Route) -> None:
    """Tell FastAPI about a route."""
    trigger = route.trigger
    app.add_api_route(
        trigger.path,
        _stand_in(route),
        methods=[trigger.method],
        status_code=trigger.status.value,
        response_class=EmptyResponse if trigger.status is HTTPStatus.NO_CONTENT else JSONResponse,
        operation_id=route.name,
        summary=trigger.summary,
        description=_description(trigger),
        tags=[trigger.tag],
        responses={**{code: dict(said) for code, said in route.responses.items()}, "4XX": _PROBLEM, "5XX": _PROBLEM},
        openapi_extra={"security": _SECURITY[trigger.access]},
    )


def _description(trigger: Http) -> str:
    """Who may do it, for people."""
    if trigger.access is Access.PUBLIC:
        return "For anybody."
    by_key = "No bot key will do." if trigger.needed_scope == "keys" else f"By bot keys with `{trigger.needed_scope}`."
    return f"For: {trigger.serves.value}. {by_key}"


def _stand_in(route: Route) -> Callable[[], None]:
    """A function whose parameters are those of the endpoint that a client sees, as FastAPI annotates them."""

    def stand_in() -> None:
        """FastAPI looks at its signature alone."""

    signature = inspect.signature(route.endpoint)
    shown = (_shown(each) for each in signature.parameters.values())
    parameters = [each for each in shown if each is not None]
    vars(stand_in)["__signature__"] = signature.replace(parameters=parameters, return_annotation=route.body)
    return stand_in


def _shown(parameter: inspect.Parameter) -> inspect.Parameter | None:
    """The parameter as FastAPI has it; None for one that no client sees."""
    annotation, default = parameter.annotation, parameter.default
    if annotation in {Request, Response, Caller, Caller | None}:
        return None
    kind, *markers = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    if key := next((marker for marker in markers if isinstance(marker, KeyHeader)), None):
        (kind, *markers), default = get_args(key.kind), key.default
        annotation = _annotated(kind, markers, Header, key.name)
    elif get_origin(annotation) is Annotated:
        annotation = _annotated(kind, markers, Query, query_name(parameter))
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _annotated(kind: object, markers: Sequence[object], place: Callable[..., Any], name: str) -> object:
    """A type with what its parameter says of itself, said to FastAPI."""
    said = next((marker for marker in markers if isinstance(marker, FieldInfo)), FieldInfo())
    kept = [marker for marker in markers if marker is not said]
    here = place(alias=name, description=said.description, examples=said.examples)
    return Annotated[kind, *said.metadata, *kept, here]


def _publish_optional_bodies(document: dict[str, Any]) -> None:
    """Say of bodies that may be left out that they are no null either: FastAPI knows one word for both."""
    for path in document["paths"].values():
        for operation in path.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["schema"] = next(iter(media["schema"].get("anyOf", ())), media["schema"])


def _name_alternatives(schemas: dict[str, Any]) -> None:
    """Give each form of a body a schema of its own, for which generators make a type."""
    for schema in list(schemas.values()):
        for form in schema.get("anyOf", ()):
            if "properties" in form:
                name = form["title"]
                schemas[name] = dict(form)
                form.clear()
                form["$ref"] = f"#/components/schemas/{name}"


def render_document() -> str:
    """The document, as it is kept."""
    return json.dumps(describe(routes(lambda _: None)), indent=2, ensure_ascii=False) + "\n"


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
