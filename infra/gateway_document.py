"""The OpenAPI document as API Gateway imports it: paths, who is asked, which function answers, and what it refuses.

The gateway needs less of the document than readers do, and reads OpenAPI 3.0 where ours is 3.1, so schemas, examples
and explanations stay out. Functions still check every request.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from functions.registry import FUNCTION_OF, FUNCTIONS, HTTP_TRIGGERS, SURFACES, Access, Authorizer, Fallback, Http
from infra.gateway_problems import gateway_responses

type Json = dict[str, Any]

ANY_METHOD = "x-amazon-apigateway-any-method"
AUTHORIZER = "x-amazon-apigateway-authorizer"
INTEGRATION = "x-amazon-apigateway-integration"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
BINARY_MEDIA_TYPES = ("*/*",)
"""All: what is not marked as binary would be decoded, and a body that is no text would be lost."""
_ROOT = Path(__file__).parents[1]
_GREEDY = "/{proxy+}"
_WITHOUT_FUNCTION = ("/", "/v1", _GREEDY)
_NEEDED, _OPTIONAL = "needed", "optional"


@dataclass(frozen=True, slots=True)
class GatewayDocument:
    """What the document says beyond the contract.

    Args:
        name: the API's.
        uri_of: the address at which the gateway invokes a function, by the function's name.
        role: the ARN of the role in which it does.
        private_reads: whether reads need a credential too.
    """

    name: str
    uri_of: Callable[[str], str]
    role: str
    private_reads: bool

    def render(self) -> Json:
        """The document, one operation for each of the contract's, a HEAD for each GET, and the fallback for the rest.

        Raises:
            KeyError: the contract has an operation that no function of the registry answers.
        """
        contract = _contract()
        return {
            "openapi": "3.0.1",
            "info": {"title": self.name, "version": contract["info"]["version"]},
            "paths": {
                **{path: self._path(path, item) for path, item in contract["paths"].items()},
                **{
                    f"{path}{_GREEDY}": self._surface(name, f"{path}{_GREEDY}")
                    for name, surface in SURFACES.items()
                    for path in surface.paths
                },
                **{path: {ANY_METHOD: self._fallback(path)} for path in _WITHOUT_FUNCTION},
            },
            "components": {"securitySchemes": self._security_schemes()},
            "x-amazon-apigateway-binary-media-types": list(BINARY_MEDIA_TYPES),
            GATEWAY_RESPONSES: gateway_responses(),
        }

    def _path(self, path: str, item: Mapping[str, Json]) -> Json:
        operations = {method: self._operation(path, operation) for method, operation in item.items()}
        if "get" in operations:
            operations["head"] = {name: value for name, value in operations["get"].items() if name != "operationId"}
        return {**operations, ANY_METHOD: self._fallback(path)}

    def _operation(self, path: str, operation: Json) -> Json:
        name = operation["operationId"]
        return {
            "operationId": name,
            **self._answered_by(name, path),
            "security": [{self._authorizer_for(HTTP_TRIGGERS[name]): []}],
        }

    def _surface(self, name: str, path: str) -> Json:
        """All below a surface's path. Whoever has no credential passes, since the surface refuses in a form of its own.

        Each method that it answers has its own limit; there is none for all others together.
        """
        answered = {**self._answered_by(name, path), "security": [{_OPTIONAL: []}]}
        return dict.fromkeys(("get", "head", "post", ANY_METHOD), answered)

    def _authorizer_for(self, trigger: Http) -> str:
        """A private instance shows nothing to people whom it does not know, but that it is there."""
        is_hidden = self.private_reads and trigger.access is Access.OPTIONAL
        return _NEEDED if is_hidden or trigger.access is Access.ACCOUNT else _OPTIONAL

    def _fallback(self, path: str) -> Json:
        """Unknown addresses and methods ask nobody: the function only says that nothing is there."""
        (name,) = (function.name for function in FUNCTIONS if isinstance(function.trigger, Fallback))
        return self._answered_by(name, path)

    def _answered_by(self, name: str, path: str) -> Json:
        integration = {
            "type": "aws_proxy",
            "httpMethod": "POST",
            "uri": self.uri_of(name),
            "credentials": self.role,
        }
        return {"parameters": _parameters(path), "responses": {}, INTEGRATION: integration}

    def _security_schemes(self) -> Json:
        """The registry's authorizer, once for each way of asking it.

        The gateway keeps an answer by the identity source, and refuses a request without one. So where a credential is
        optional it is kept by a header that is always there: CloudFront makes it, and the authorizer compares it.
        """
        found = {function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Authorizer)}
        ((name, trigger),) = found.items()
        return {
            scheme: {
                "type": "apiKey",
                "name": header,
                "in": "header",
                "x-amazon-apigateway-authtype": "custom",
                AUTHORIZER: {
                    "type": "request",
                    "authorizerUri": self.uri_of(name),
                    "authorizerCredentials": self.role,
                    "identitySource": f"method.request.header.{header}",
                    "authorizerResultTtlInSeconds": trigger.cache_seconds,
                },
            }
            for scheme, header in ((_NEEDED, "Authorization"), (_OPTIONAL, trigger.optional_header))
        }


def query_parameters() -> list[str]:
    """The names of all query parameters that some function reads."""
    operations = (operation for item in _contract()["paths"].values() for operation in item.values())
    parameters = (parameter for operation in operations for parameter in operation.get("parameters", ()))
    return sorted({parameter["name"] for parameter in parameters if parameter["in"] == "query"})


def _contract() -> Json:
    """The document that the API serves: it lies beside the function that does."""
    folder = Path(_ROOT, *FUNCTION_OF["get_openapi"].handler.split(".")[:-2])
    document: Json = json.loads((folder / "openapi.json").read_text("utf-8"))
    return document


def _parameters(path: str) -> list[Json]:
    """The parameters of a path; the gateway wants each to be declared."""
    names = [part.removeprefix("{").removesuffix("}").removesuffix("+") for part in path.split("/") if part[:1] == "{"]
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
