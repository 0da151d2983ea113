"""What the gateway refuses by itself, in the words and the form in which the functions refuse."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import NamedTuple

MEDIA_TYPE = "application/problem+json"
PUBLIC_URL = "publicUrl"
"""The stage variable that holds the address under which people reach the API."""


class GatewayProblem(NamedTuple):
    """One refusal of the gateway.

    Args:
        status: of the answer.
        code: the contract's.
        title: as the functions have it.
        detail: what to do next.
        headers: beyond those that every answer has.
        errors: which part of the request is wrong.
    """

    status: HTTPStatus
    code: str
    title: str
    detail: str | None = None
    headers: Mapping[str, str] = {}
    errors: Sequence[Mapping[str, str]] | None = None

    def response(self) -> Mapping[str, object]:
        """The refusal as an ``x-amazon-apigateway-gateway-responses.gatewayResponse`` object."""
        fixed = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **self.headers}
        values = {**{name: f"'{value}'" for name, value in fixed.items()}, "X-Request-Id": "context.requestId"}
        return {
            "statusCode": str(self.status.value),
            "responseParameters": {f"gatewayresponse.header.{name}": value for name, value in values.items()},
            "responseTemplates": {"application/json": self._template()},
        }

    def _template(self) -> str:
        """The body, in which the gateway fills in the public address and the request's route."""
        body = {
            # The gateway does not know the address: the stage does, which is made after the distribution.
            "type": f"$stageVariables.{PUBLIC_URL}/problems/{self.code}",
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
_UNSUPPORTED = GatewayProblem(
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "unsupported-media-type",
    "Unsupported Media Type",
    "Send the body as JSON, with Content-Type: application/json.",
)
_BUSY = GatewayProblem(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "contention",
    "Busy",
    "The answer did not come in time, and the request was done or not. Send it again with the same Idempotency-Key.",
    _SOON,
)

GATEWAY_PROBLEMS: Mapping[str, GatewayProblem] = {
    "UNAUTHORIZED": _SIGN_IN,
    "EXPIRED_TOKEN": _SIGN_IN,
    "ACCESS_DENIED": _FORBIDDEN,
    "WAF_FILTERED": _FORBIDDEN,
    # Both are said of addresses that the gateway does not know.
    "MISSING_AUTHENTICATION_TOKEN": _NOTHING_HERE,
    "INVALID_SIGNATURE": _NOTHING_HERE,
    "RESOURCE_NOT_FOUND": _NOTHING_HERE,
    "REQUEST_TOO_LARGE": GatewayProblem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", "Body Too Large", "A body has at most 65536 bytes."
    ),
    "UNSUPPORTED_MEDIA_TYPE": _UNSUPPORTED,
    "THROTTLED": _TOO_MANY,
    "QUOTA_EXCEEDED": _TOO_MANY,
    "BAD_REQUEST_BODY": _INVALID,
    "BAD_REQUEST_PARAMETERS": _INVALID,
    "DEFAULT_4XX": _INVALID,
    # What a function answers passes through as it is. A 5xx of the gateway's own says that no function has answered,
    # or none in time: the account has no more room to run one, for example. Whatever it was, asking again is safe.
    "INTEGRATION_TIMEOUT": _BUSY,
    "INTEGRATION_FAILURE": _BUSY,
    "AUTHORIZER_FAILURE": _BUSY,
    "AUTHORIZER_CONFIGURATION_ERROR": _BUSY,
    "API_CONFIGURATION_ERROR": _BUSY,
    "DEFAULT_5XX": _BUSY,
}
"""Which refusals there are, by the gateway's types of them."""


def gateway_responses() -> Mapping[str, Mapping[str, object]]:
    """Every refusal of the gateway's own, as its extension of OpenAPI has them."""
    return {kind: problem.response() for kind, problem in GATEWAY_PROBLEMS.items()}
