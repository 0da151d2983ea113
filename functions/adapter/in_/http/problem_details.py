"""Every error as application/problem+json (RFC 9457), from one table."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote

from pydantic import BaseModel, Field

from domain.model.kernel.errors import (
    ContentionError,
    DomainError,
    ErrorCategory,
    InvalidFieldError,
    TooManyRequestsError,
)
from domain.port.out.paging import InvalidCursorError
from functions.adapter.in_.http.messages import Request, Response, encode_json
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


class Problem(NamedTuple):
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
REQUEST_TIMEOUT = Problem("request-timeout", "Request Timeout", HTTPStatus.REQUEST_TIMEOUT)
HEADERS_TOO_LARGE = Problem("headers-too-large", "Headers Too Large", HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
BODY_TOO_LARGE = Problem("body-too-large", "Body Too Large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
TOO_MANY_REQUESTS = Problem("too-many-requests", "Too Many Requests", HTTPStatus.TOO_MANY_REQUESTS)
UNSUPPORTED_MEDIA_TYPE = Problem("unsupported-media-type", "Unsupported Media Type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)


MOST_ERRORS = 20
"""How many parts of a request a refusal names."""
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


class Finding(NamedTuple):
    """Something that is missing or wrong in a request.

    Args:
        location: where: the part of the request, and the names that lead there.
        message: what is wrong, for people.
        type: the kind of mistake, as pydantic calls it.
        input: what was sent there; None for nothing.
    """

    location: tuple[str | int, ...]
    message: str
    type: str
    input: object


_COUNTED = re.compile("Value should have (at most|at least) ([0-9]+) items? after validation, not [0-9]+")


def wording(message: str, sent: object) -> str:
    """What pydantic says of a mistake, for people: a text consists of characters, which it calls items.

    Args:
        message: pydantic's.
        sent: what is wrong.
    """
    if isinstance(sent, str):
        message = _COUNTED.sub(r"String should have \1 \2 characters", message)
    return message.removeprefix("Value error, ")


class InvalidContentError(Exception):
    """What a request says is missing something, or wrong.

    Args:
        findings: everything that is.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("the content of the request is invalid")
        self.findings = findings


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
) -> Response:
    """The answer for a refusal. Its type is an address on this very instance, where people can read about it."""
    body = ProblemDetails(
        type=f"{request.base_url}problems/{problem.code}",
        title=problem.title,
        status=problem.status.value,
        detail=detail,
        instance=_path_of(request),
        code=problem.code,
        errors=list(errors) or None,
    )
    return _respond(body, headers)


def refusal_response(request: Request, error: DomainError) -> Response:
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


def answer_to(request: Request, error: Exception) -> Response:
    """The answer for whatever was raised while a request was served; 500 for what nobody expects."""
    match error:
        case DomainError():
            return refusal_response(request, error)
        case ProblemError():
            return problem_response(request, error.problem, error.detail, error.errors, error.headers)
        case InvalidContentError():
            return _content_response(request, error.findings)
        case InvalidCursorError():
            return problem_response(request, INVALID_CURSOR, INVALID_CURSOR_DETAIL)
        case _:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            return _respond(
                ProblemDetails(
                    type="about:blank", title="Internal Server Error", status=status, instance=_path_of(request)
                )
            )


def is_expected(error: Exception) -> bool:
    """Whether an error is a refusal, and no bug."""
    return isinstance(error, DomainError | ProblemError | InvalidContentError | InvalidCursorError)


def no_route_response(request: Request, offered: Iterable[Http]) -> Response:
    """The answer where no route is for a request.

    Args:
        request: the request.
        offered: what the whole service offers: another method may do.
    """
    allowed = _allowed_methods([(each.path, each.method) for each in offered], request.path)
    if not allowed or request.method in allowed:
        detail = "There is nothing at this address. /v1/openapi.json lists what there is."
        return problem_response(request, NOT_FOUND, detail)
    methods = ", ".join(sorted(allowed))
    detail = f"This address takes {methods}."
    return problem_response(request, METHOD_NOT_ALLOWED, detail, headers={"Allow": methods})


def _content_response(request: Request, findings: Sequence[Finding]) -> Response:
    """The answer for content in which something is missing or wrong."""
    if any(_is_key_missing(found) for found in findings):
        detail = "Send an Idempotency-Key header, a new one for each new request: repeating it is then safe."
        return problem_response(request, KEY_REQUIRED, detail)
    named = findings[:MOST_ERRORS]
    errors = [_field_error(found.location, wording(found.message, found.input)) for found in named]
    fields = ", ".join(f"`{field}`" for field in dict.fromkeys(error.field for error in errors))
    others = f", and {len(findings) - len(named)} more" if len(findings) > len(named) else ""
    return problem_response(request, VALIDATION_FAILED, f"Invalid {fields}{others}.", errors)


def _path_of(request: Request) -> str:
    """The path as it was sent, in the characters of an address (RFC 3986, section 3.3): decoded, it would be none."""
    return quote(request.scope["raw_path"], safe="/%:@!$&'()*+,;=")


def _respond(body: ProblemDetails, headers: Mapping[str, str] | None = None) -> Response:
    content = encode_json(body.model_dump(exclude_none=True))
    uncached = {"Cache-Control": "no-store", **(headers or {})}
    return Response(content, body.status, MEDIA_TYPE, uncached)


def _field_error(location: Sequence[str | int], message: str) -> FieldError:
    """A finding of the validation, under the name by which the client knows the place."""
    where, *names = location
    if where == "header":
        return FieldError(field="-".join(part.capitalize() for part in str(names[0]).split("-")), detail=message)
    return FieldError(field=".".join(str(name) for name in names) or str(where), detail=message)


def _is_key_missing(found: Finding) -> bool:
    return found.location == ("header", IDEMPOTENCY_KEY) and (found.type == "missing" or not found.input)


def _allowed_methods(offered: Iterable[tuple[str, str]], path: str) -> set[str]:
    """The methods that an address takes. Where it is one by itself, it is none that a parameter stands for."""
    literal = {method for offered_path, method in offered if offered_path == path}
    methods = literal or {method for offered_path, method in offered if _path_pattern(offered_path).fullmatch(path)}
    return methods | {"HEAD"} if "GET" in methods else methods


@cache
def _path_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
