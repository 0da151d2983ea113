"""The entry of a Lambda function that answers HTTP requests."""

import asyncio
import atexit
import json
import os
import time
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from mangum import Mangum
from mangum.types import ASGI, LambdaContext

from functions.adapter.in_.http.application import Api, Envelope
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.messages import Scope
from functions.adapter.in_.http.problem_details import MEDIA_TYPE
from functions.adapter.in_.http.rate_limit import CallerLimits
from functions.adapter.in_.lambda_.gateway_authenticator import GatewayAuthenticator
from functions.adapter.in_.lambda_.gateway_context import caller_of
from functions.adapter.in_.lambda_.observability import LOGGER, Observer
from functions.adapter.in_.lambda_.rest_api import Json, RestApi
from functions.registry import HTTP_TRIGGERS

type HttpHandler = Callable[[Json, LambdaContext], Json]

# Anything else would be base64-encoded.
TEXT_TYPES = ["text/", "application/json", MEDIA_TYPE]

_PRIVATE_VARIABLE = "HUNCH_PRIVATE"


def http_handler(name: str, *routes: Route, rate_limits: CallerLimits | None = None) -> HttpHandler:
    """The handler of one function, made once and good for every request that its environment will see.

    Args:
        name: the function's, in the registry.
        routes: its routes.
        rate_limits: how often callers may ask; None for any number of times.
    """
    api = Api(routes, HTTP_TRIGGERS.values(), gateway_entrance(rate_limits))
    return event_handler(name, Envelope(api, request_id_of))


def gateway_entrance(rate_limits: CallerLimits | None) -> Entrance:
    """What requests pass first. Whatever else the setting might say, the functions that read it had not started."""
    return Entrance(GatewayAuthenticator(), os.environ.get(_PRIVATE_VARIABLE) == "true", rate_limits)


def event_handler(name: str, application: ASGI) -> HttpHandler:
    """The handler of one function that an application answers for.

    Args:
        name: the function's, in the registry.
        application: the application.
    """
    asyncio.set_event_loop(event_loop())
    adapter = Mangum(application, lifespan="off", custom_handlers=[RestApi], text_mime_types=TEXT_TYPES)
    observer = Observer(name)

    def handler(event: Json, context: LambdaContext) -> Json:
        event = _with_request_id(event)
        caller = caller_of(event)
        with observer.invocation(
            request_id=event["requestContext"]["requestId"],
            invocation_id=getattr(context, "aws_request_id", None),
            account=caller.account if caller else None,
        ):
            started = time.perf_counter()
            # Mangum runs the thread's loop; whatever else ran in this process may have taken it away.
            asyncio.set_event_loop(event_loop())
            answer = adapter(event, context)
            _report(observer, event, answer, time.perf_counter() - started)
            return answer

    return handler


@cache
def event_loop() -> asyncio.AbstractEventLoop:
    """The one loop of this environment; a loop for each request would leave clients bound to closed ones."""
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop


def _with_request_id(event: Json) -> Json:
    """The event, with an id of our own where the gateway gave none."""
    context = event.get("requestContext") or {}
    return {**event, "requestContext": {**context, "requestId": context.get("requestId") or uuid.uuid4().hex}}


def request_id_of(scope: Scope) -> str:
    """The id that the gateway has given a request."""
    request_id: str = scope["aws.event"]["requestContext"]["requestId"]
    return request_id


def _report(observer: Observer, event: Json, answer: Json, seconds: float) -> None:
    """Log and count an answer."""
    status, code = answer["statusCode"], _problem_code(answer)
    observer.count(f"status-{status}")
    if code is not None:
        observer.count(f"problem-{code}")
    method, path = event["httpMethod"], event["path"]
    details = {"method": method, "path": path, "status": status, "code": code, "milliseconds": round(seconds * 1000, 1)}
    LOGGER.info("%s %s %s", method, path, status, extra=details)


def _problem_code(answer: Mapping[str, Any]) -> str | None:
    """The code of an answer that is a problem; None for any other, for a HEAD, and for a bug's."""
    if not answer["body"] or answer["headers"].get("content-type") != MEDIA_TYPE:
        return None
    code: str | None = json.loads(answer["body"]).get("code")
    return code
