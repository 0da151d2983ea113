"""Every error as application/problem+json (RFC 9457), from one table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from domain.model.kernel.errors import (
    ContentionError,
    DomainError,
    ErrorCategory,
    InvalidFieldError,
    TooManyRequestsError,
)
from domain.port.out.paging import InvalidCursorError
from functions.registry import Http

MEDIA_TYPE = "application/problem+json"
IDEMPOTENCY_KEY = "Idempotency-Key"

STATUS_OF: Mapping[ErrorCategory, HTTPStatus] = {
    ErrorCategory.INVALID: HTTPStatus.BAD_REQUEST,
    ErrorCategory.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    ErrorCategory.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCategory.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCategory.CONFLICT: HTTPStatus.CONFLICT,
    ErrorCategory.UNPROCESSABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCategory.CONTENTION: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCategory.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


class FieldError(BaseModel):
    """What is wrong with one part of the request."""

    field: str = Field(description="A dotted path in the body, or the name of a parameter or header.")
    detail: str


class ProblemDetails(BaseModel):
    """Why a request was refused (RFC 9457), and what to do about it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    instance: str
    code: str | None = Field(default=None, description="Stable: programs branch on it.")
    errors: list[FieldError] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of refusal that HTTP itself gives."""

    code: str
    title: str
    status: HTTPStatus


VALIDATION_FAILED = Problem("validation-failed", "Validation Failed", HTTPStatus.BAD_REQUEST)
MALFORMED_JSON = Problem("malformed-json", "Malformed JSON", HTTPStatus.BAD_REQUEST)
KEY_REQUIRED = Problem("idempotency-key-required", "Idempotency Key Required", HTTPStatus.BAD_REQUEST)
INVALID_CURSOR = Problem("invalid-cursor", "Invalid Cursor", HTTPStatus.BAD_REQUEST)
UNAUTHENTICATED = Problem("unauthenticated", "Not Signed In", HTTPStatus.UNAUTHORIZED)
NOT_FOUND = Problem("not-found", "Not Found", HTTPStatus.NOT_FOUND)
METHOD_NOT_ALLOWED = Problem("method-not-allowed", "Method Not Allowed", HTTPStatus.METHOD_NOT_ALLOWED)
BODY_TOO_LARGE = Problem("body-too-large", "Body Too Large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
TOO_MANY_REQUESTS = Problem("too-many-requests", "Too Many Requests", HTTPStatus.TOO_MANY_REQUESTS)
UNSUPPORTED_MEDIA_TYPE = Problem("unsupported-media-type", "Unsupported Media Type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


INVALID_CURSOR_DETAIL = "This cursor was not issued for this query. Start again without one."


class ProblemError(Exception):
    """A refusal that HTTP itself gives, before or beside the use case."""

    def __init__(
        self,
        problem: Problem,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}


def invalid(field: str, detail: str) -> ProblemError:
    """The refusal of one part of a request."""
    return ProblemError(VALIDATION_FAILED, f"Invalid `{field}`: {detail}.", [FieldError(field=field, detail=detail)])


def unauthenticated(detail: str) -> ProblemError:
    """The refusal of a missing or bad credential."""
    return ProblemError(UNAUTHENTICATED, detail, headers={"WWW-Authenticate": "Bearer"})


def problem_response(
    request: Request,
    problem: Problem,
    detail: str,
    errors: Iterable[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The answer for a refusal. Its type is an address on this very instance, where people can read about it."""
    body = ProblemDetails(
        type=f"{str(request.base_url).rstrip('/')}/problems/{problem.code}",
        title=problem.title,
        status=problem.status.value,
        detail=detail,
        instance=_path_of(request),
        code=problem.code,
        errors=list(errors) or None,
    )
    return _respond(body, headers)


def refusal_response(request: Request, error: DomainError) -> JSONResponse:
    """The answer for what the domain refuses."""
    if isinstance(error, InvalidFieldError):
        refusal = invalid(error.field, str(error))
        return problem_response(request, refusal.problem, refusal.detail, refusal.errors)
    problem = Problem(error.code, error.title, STATUS_OF[error.category])
    return problem_response(request, problem, str(error), headers=_headers_of(error))


def _headers_of(error: DomainError) -> dict[str, str]:
    """What a refusal says in headers."""
    if isinstance(error, ContentionError | TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {"WWW-Authenticate": "Bearer"} if error.category is ErrorCategory.UNAUTHENTICATED else {}


def register_exception_handlers(app: FastAPI, endpoints: Iterable[Http]) -> None:
    """Make every error of an app a problem.

    Args:
        app: the app.
        endpoints: what the whole service offers, for the Allow header of a wrong method.
    """
    offered = [(endpoint.path, endpoint.method) for endpoint in endpoints]

    @app.exception_handler(DomainError)
    async def refuse(request: Request, error: DomainError) -> JSONResponse:
        return refusal_response(request, error)

    @app.exception_handler(ProblemError)
    async def refuse_request(request: Request, error: ProblemError) -> JSONResponse:
        return problem_response(request, error.problem, error.detail, error.errors, error.headers)

    @app.exception_handler(InvalidCursorError)
    async def refuse_cursor(request: Request, _: InvalidCursorError) -> JSONResponse:
        return problem_response(request, INVALID_CURSOR, INVALID_CURSOR_DETAIL)

    @app.exception_handler(RequestValidationError)
    async def refuse_content(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [_field_error(found["loc"], found["msg"].removeprefix("Value error, ")) for found in error.errors()]
        if any(_is_key_missing(found) for found in error.errors()):
            detail = "Send an Idempotency-Key header, a new one for each new request: repeating it is then safe."
            return problem_response(request, KEY_REQUIRED, detail)
        named = ", ".join(dict.fromkeys(found.field for found in errors))
        return problem_response(request, VALIDATION_FAILED, f"Mend these and send it again: {named}.", errors)

    @app.exception_handler(HTTPException)
    async def refuse_route(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.NOT_FOUND:
            detail = "There is nothing at this address. /v1/openapi.json lists what there is."
            return problem_response(request, NOT_FOUND, detail)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = _allowed_methods(offered, request.url.path)
            detail = f"This address takes {allowed}."
            return problem_response(request, METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed})
        raise error

    @app.exception_handler(Exception)
    async def fail(request: Request, _: Exception) -> JSONResponse:
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        body = ProblemDetails(
            type="about:blank", title="Internal Server Error", status=status, instance=_path_of(request)
        )
        return _respond(body)


def _path_of(request: Request) -> str:
    """The path as it was sent, in the characters of an address (RFC 3986, section 3.3): decoded, it would be none."""
    return quote(request.scope["raw_path"], safe="/%:@!$&'()*+,;=")


def _respond(body: ProblemDetails, headers: Mapping[str, str] | None = None) -> JSONResponse:
    content = body.model_dump(exclude_none=True)
    uncached = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(content, body.status, headers=uncached, media_type=MEDIA_TYPE)


def _field_error(location: Sequence[str | int], message: str) -> FieldError:
    """A finding of the validation, under the name by which the client knows the place."""
    where, *names = location
    if where == "header":
        return FieldError(field="-".join(part.capitalize() for part in str(names[0]).split("-")), detail=message)
    return FieldError(field=".".join(str(name) for name in names) or str(where), detail=message)


def _is_key_missing(found: Mapping[str, Any]) -> bool:
    return found["loc"] == ("header", IDEMPOTENCY_KEY) and (found["type"] == "missing" or not found["input"])


def _allowed_methods(offered: Iterable[tuple[str, str]], path: str) -> str:
    """The methods that an address takes. Where it is one by itself, it is none that a parameter stands for."""
    literal = {method for offered_path, method in offered if offered_path == path}
    methods = literal or {method for offered_path, method in offered if _path_pattern(offered_path).fullmatch(path)}
    if "GET" in methods:
        methods.add("HEAD")
    return ", ".join(sorted(methods))


@cache
def _path_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
