"""What the gateway refuses by itself, in the words and the form in which the functions refuse."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

from aws_cdk import aws_apigateway

MEDIA_TYPE = "application/problem+json"
_TYPES = aws_apigateway.ResponseType


class GatewayProblem(NamedTuple):
    """One refusal of the gateway.

    Args:
        status: of the answer.
        code: the contract's; None for a failure of ours, which has none.
        title: as the functions have it.
        detail: what to do next.
        headers: beyond those that every answer has.
        errors: which part of the request is wrong.
    """

    status: HTTPStatus
    code: str | None
    title: str
    detail: str | None = None
    headers: Mapping[str, str] = {}
    errors: Sequence[Mapping[str, str]] | None = None

    def template(self, public_url: str) -> str:
        """The body, in which the gateway fills in the request's route."""
        body = {
            "type": f"{public_url}/problems/{self.code}" if self.code else "about:blank",
            "title": self.title,
            "status": self.status.value,
            "detail": self.detail,
            # The route and not the path: the gateway puts its stage before the latter.
            "instance": "$context.resourcePath",
            "code": self.code,
            "errors": self.errors,
        }
        return json.dumps({name: value for name, value in body.items() if value is not None})


_SOON = {"Retry-After": "1"}
_SIGN_IN = GatewayProblem(
    HTTPStatus.UNAUTHORIZED,
    "unauthenticated",
    "Not Signed In",
    "Sign in, and send your token: Authorization: Bearer <token>, or Authorization: Key <bot key>.",
    {"WWW-Authenticate": "Bearer"},
)
_FORBIDDEN = GatewayProblem(HTTPStatus.FORBIDDEN, "forbidden", "Not Allowed", "This is not for you to do.")
_NOTHING_HERE = GatewayProblem(
    HTTPStatus.NOT_FOUND,
    "not-found",
    "Not Found",
    "There is nothing at this address. /v1/openapi.json lists what there is.",
)
_INVALID = GatewayProblem(
    HTTPStatus.BAD_REQUEST,
    "validation-failed",
    "Validation Failed",
    "This is no request that HTTP knows: mend it and send it again.",
    errors=[{"field": "request", "detail": "must be a request that HTTP knows"}],
)
_TOO_MANY = GatewayProblem(
    HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", "Too Many Requests", "Wait a second, and send it again.", _SOON
)
_NO_ANSWER = GatewayProblem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "contention",
    "Busy",
    "The answer did not come in time, and the request was done or not. Send it again with the same Idempotency-Key.",
    _SOON,
)
_BUG = GatewayProblem(HTTPStatus.INTERNAL_SERVER_ERROR, None, "Internal Server Error")

GATEWAY_PROBLEMS: Mapping[str, tuple[aws_apigateway.ResponseType, GatewayProblem]] = {
    "unauthorized": (_TYPES.UNAUTHORIZED, _SIGN_IN),
    "expired-token": (_TYPES.EXPIRED_TOKEN, _SIGN_IN),
    "access-denied": (_TYPES.ACCESS_DENIED, _FORBIDDEN),
    "waf-filtered": (_TYPES.WAF_FILTERED, _FORBIDDEN),
    "missing-authentication-token": (_TYPES.MISSING_AUTHENTICATION_TOKEN, _NOTHING_HERE),
    "resource-not-found": (_TYPES.RESOURCE_NOT_FOUND, _NOTHING_HERE),
    "request-too-large": (
        _TYPES.REQUEST_TOO_LARGE,
        GatewayProblem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            "Body Too Large",
            "A body has at most 65536 bytes.",
        ),
    ),
    "throttled": (_TYPES.THROTTLED, _TOO_MANY),
    "quota-exceeded": (_TYPES.QUOTA_EXCEEDED, _TOO_MANY),
    "integration-timeout": (_TYPES.INTEGRATION_TIMEOUT, _NO_ANSWER),
    "integration-failure": (_TYPES.INTEGRATION_FAILURE, _NO_ANSWER),
    "default-4xx": (_TYPES.DEFAULT_4_XX, _INVALID),
    "default-5xx": (_TYPES.DEFAULT_5_XX, _BUG),
}
"""Which refusals there are, by the names of their constructs."""


def add_gateway_problems(api: aws_apigateway.RestApi, public_url: str) -> None:
    """Make every refusal of an API's own a problem with a request id.

    Args:
        api: the API.
        public_url: where people reach it: their types are pages there.
    """
    for name, (kind, problem) in GATEWAY_PROBLEMS.items():
        fixed = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
        api.add_gateway_response(
            name,
            type=kind,
            status_code=str(problem.status.value),
            response_headers={
                **{header: f"'{value}'" for header, value in fixed.items()},
                "X-Request-Id": "context.requestId",
            },
            templates={"application/json": problem.template(public_url)},
        )
