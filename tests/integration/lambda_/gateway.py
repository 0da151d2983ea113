"""An API Gateway REST API on this side of the wire: which function a request reaches, and with what event."""

import asyncio
import base64
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from functions.registry import HTTP_TRIGGERS, SURFACES
from tests.integration.http.client import Api, Caller, Clock

type Json = dict[str, Any]
type Headers = Sequence[tuple[str, str]]
type Handler = Callable[[Json, Any], Json]

STAGE = "prod"
HOST = "abc123.execute-api.eu-west-1.amazonaws.com"


EVERY_SCOPE = "admin keys read trade"


def authorizer(account: str | None, *roles: str, scopes: str = EVERY_SCOPE) -> Json:
    """What the authorizer's context is in the event: strings, and always a principal, here for anonymous ones too."""
    context = {"principalId": account or "anonymous", "integrationLatency": 12}
    return {**context, "account": account, "roles": " ".join(roles), "scopes": scopes} if account else context


def proxy_event(
    method: str,
    url: str,
    *,
    resource: str | None = None,
    headers: Headers = (),
    body: str | bytes | None = None,
    identity: Json | None = None,
    request_id: str = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    stage: str = STAGE,
) -> Json:
    """The event of a Lambda proxy integration, with every member that the gateway sends.

    Args:
        method: of the request.
        url: path and query as a client writes them, without the stage.
        resource: the gateway's resource; the one of the registry that fits, or the greedy one.
        headers: of the request, in order, as often as they are sent.
        body: bytes are sent base64-encoded, as the gateway does with binary media types.
        identity: what the authorizer said, see :func:`authorizer`; None where the method has no authorizer.
        request_id: the gateway's.
        stage: the stage deployed to.
    """
    parts = urlsplit(url)
    if resource is None:
        resource = resource_of(parts.path)
    sent = [("Host", HOST), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Port", "443"), *headers]
    repeated: dict[str, list[str]] = {}
    for name, value in sent:
        repeated.setdefault(name, []).append(value)
    query = parse_qs(parts.query, keep_blank_values=True)
    is_binary = isinstance(body, bytes)
    return {
        "resource": resource,
        "path": parts.path,
        "httpMethod": method,
        "headers": {name: values[-1] for name, values in repeated.items()},
        "multiValueHeaders": repeated,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": path_parameters(resource, parts.path),
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            **({} if identity is None else {"authorizer": identity}),
            "domainName": HOST,
            "domainPrefix": "abc123",
            "extendedRequestId": "JKJaXmPLvHcESHA=",
            "httpMethod": method,
            "identity": {
                "accessKey": None,
                "accountId": None,
                "caller": None,
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": "192.0.2.1",
                "user": None,
                "userAgent": "curl/8.9.1",
                "userArn": None,
            },
            "path": f"/{stage}{parts.path}",
            "protocol": "HTTP/1.1",
            "requestId": request_id,
            "requestTime": "23/Nov/2026:04:00:00 +0000",
            "requestTimeEpoch": 1795406400000,
            "resourceId": "a1b2c3",
            "resourcePath": resource,
            "stage": stage,
        },
        "body": base64.b64encode(body).decode() if isinstance(body, bytes) else body,
        "isBase64Encoded": is_binary,
    }


def resource_of(path: str) -> str:
    """The gateway's resource for a path: a function's, rather a literal one than one with parameters, or the greedy."""
    found = [trigger.path for trigger in HTTP_TRIGGERS.values() if _pattern(trigger.path).fullmatch(path)]
    found += [f"{base}{_GREEDY}" for base in _SURFACE_OF if path.startswith(f"{base}/")]
    return min(found, key=lambda resource: resource.count("{"), default=_GREEDY)


def path_parameters(resource: str, path: str) -> dict[str, str] | None:
    """The parameters that the gateway reads out of a path."""
    if resource.endswith(_GREEDY):
        return {"proxy": path.removeprefix(resource.removesuffix(_GREEDY)).removeprefix("/")}
    match = _pattern(resource).fullmatch(path)
    return match.groupdict() or None if match else None


def function_of(method: str, path: str) -> str:
    """The function that the gateway brings a request to; HEAD goes wherever GET does."""
    wanted = ("GET" if method == "HEAD" else method, resource_of(path))
    names = (name for name, trigger in HTTP_TRIGGERS.items() if (trigger.method, trigger.path) == wanted)
    return next(names, _SURFACE_OF.get(wanted[1].removesuffix(_GREEDY), "fallback"))


_GREEDY = "/{proxy+}"
_SURFACE_OF = {path: name for name, surface in SURFACES.items() for path in surface.paths}


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def invocation_context(name: str = "quote") -> Any:
    """What Lambda passes beside the event."""
    return SimpleNamespace(
        function_name=f"Hunch-{name}",
        function_version="$LATEST",
        invoked_function_arn=f"arn:aws:lambda:eu-west-1:123456789012:function:Hunch-{name}",
        memory_limit_in_mb=512,
        aws_request_id="8f507cfc-xmpl-4697-b07a-ac58fc914c95",
        log_group_name=f"/aws/lambda/Hunch-{name}",
        log_stream_name="2026/11/23/[$LATEST]58419525dade4d17a495dceeeed44708",
        get_remaining_time_in_millis=lambda: 9000,
    )


@dataclass(frozen=True, slots=True)
class Service:
    """All functions behind one gateway."""

    handlers: Mapping[str, Handler]
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def send(self, method: str, url: str, **options: Any) -> Json:
        """Bring a request to its function; see :func:`proxy_event`."""
        return self.invoke(proxy_event(method, url, **options))

    def invoke(self, event: Json) -> Json:
        """Invoke the function that an event is for. One at a time, as an environment works."""
        name = function_of(event["httpMethod"], event["path"])
        with self._turn:
            return self.handlers[name](event, invocation_context(name))


class GatewayTransport(httpx.AsyncBaseTransport):
    """Lets an ordinary HTTP client talk to the handlers.

    The authorizer is a stub: a bearer token is the account and its roles, separated by dots.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        headers = [(name.decode().title(), value.decode()) for name, value in request.headers.raw]
        event = proxy_event(
            request.method,
            request.url.raw_path.decode(),
            headers=[(name, value) for name, value in headers if name != "Host"],
            body=request.content or None,
            identity=await asyncio.to_thread(self.identity, request),
        )
        answer = await asyncio.to_thread(self._service.invoke, event)
        return response_of(answer)

    def identity(self, request: httpx.Request) -> Json:
        """What the authorizer says of a request."""
        credential = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return authorizer(*credential.split(".")) if credential else authorizer(None)


def response_of(answer: Json) -> httpx.Response:
    """The response that the gateway makes of what a function returns."""
    content: bytes = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
    repeated = [(name, value) for name, values in answer["multiValueHeaders"].items() for value in values]
    headers = [*answer["headers"].items(), *repeated]
    return httpx.Response(answer["statusCode"], headers=headers, content=content)


class GatewayApi(Api):
    """The client of the HTTP tests, whose callers sign in with the stub's tokens."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock | None = None) -> None:
        super().__init__(http, clock or Clock())

    async def sign_in(self, *roles: str, account: str | None = None) -> Caller:
        """A caller with a credential, whose account need not be open."""
        account = account or self.name("account")
        return Caller(self.http, account, {"Authorization": f"Bearer {'.'.join((account, *roles))}"})
