"""How a surface refuses: a message, and which parts of the request are wrong."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

from pydantic import ValidationError

from domain.model.kernel.errors import (
    ContentionError,
    DomainError,
    ErrorCategory,
    InvalidFieldError,
    TooManyRequestsError,
)
from functions.adapter.in_.http.messages import JSON, Response, encode_json
from functions.adapter.in_.http.problem_details import MOST_ERRORS, ProblemError, wording

STATUS_OF: Mapping[ErrorCategory, HTTPStatus] = {
    ErrorCategory.INVALID: HTTPStatus.BAD_REQUEST,
    ErrorCategory.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    ErrorCategory.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCategory.NOT_FOUND: HTTPStatus.NOT_FOUND,
    # Closed, decided, too little money, held by somebody else: the other sites know one status for all of these.
    ErrorCategory.CONFLICT: HTTPStatus.FORBIDDEN,
    ErrorCategory.UNPROCESSABLE: HTTPStatus.FORBIDDEN,
    ErrorCategory.CONTENTION: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCategory.TOO_MANY: HTTPStatus.TOO_MANY_REQUESTS,
}


class Wrong(NamedTuple):
    """What is wrong with one part of a request."""

    field: str
    error: str


class SurfaceError(Exception):
    """A refusal of a surface's own, before or beside the use cases.

    Args:
        status: of the answer.
        message: what a person reads.
        details: which parts of the request are wrong.
    """

    def __init__(self, status: HTTPStatus, message: str, details: Sequence[Wrong] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.details = details


def wrong(field: str, error: str) -> SurfaceError:
    """The refusal of one part of a request."""
    return SurfaceError(HTTPStatus.BAD_REQUEST, f"Error validating request: `{field}` {error}.", [Wrong(field, error)])


def wrong_parts(error: ValidationError) -> SurfaceError:
    """The refusal of the parts that do not fit a model, the first MOST_ERRORS of them by their names."""
    found = error.errors(include_url=False, include_context=False)
    details = [
        Wrong(".".join(map(str, each["loc"])) or "body", wording(each["msg"], each["input"]))
        for each in found[:MOST_ERRORS]
    ]
    named = ", ".join(f"`{each.field}`" for each in details)
    others = f", and {len(found) - len(details)} more" if len(found) > len(details) else ""
    return SurfaceError(HTTPStatus.BAD_REQUEST, f"Error validating request: {named}{others}.", details)


def refusal_of(error: Exception) -> SurfaceError:
    """What a surface says of an error; of one that nobody expected, no more than that there was one."""
    match error:
        case SurfaceError():
            return error
        case InvalidFieldError():
            return wrong(error.field, str(error))
        case DomainError():
            return SurfaceError(STATUS_OF[error.category], str(error))
        case ProblemError():
            details = [Wrong(each.field, each.detail) for each in error.errors]
            return SurfaceError(error.problem.status, error.detail, details)
        case _:
            return SurfaceError(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error")


def nothing_there() -> SurfaceError:
    """The refusal of an address that is none, or of another method than it takes."""
    message = "There is nothing at this address. docs/programs.md lists what there is."
    return SurfaceError(HTTPStatus.NOT_FOUND, message)


def refusal_response(error: Exception) -> Response:
    """The answer for an error."""
    refusal = refusal_of(error)
    body: dict[str, object] = {"message": str(refusal)}
    if refusal.details:
        body["details"] = [each._asdict() for each in refusal.details]
    headers = {"Cache-Control": "no-store", **_headers_of(error)}
    return Response(encode_json(body), refusal.status.value, JSON, headers)


def _headers_of(error: Exception) -> Mapping[str, str]:
    """What an error says in headers, such as when to come back."""
    if isinstance(error, ContentionError | TooManyRequestsError):
        return {"Retry-After": str(error.retry_after_seconds)}
    return error.headers if isinstance(error, ProblemError) else {}
