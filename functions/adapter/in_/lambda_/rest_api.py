"""The events of an API Gateway REST API as ASGI requests, just as the gateway hands them over, and the way back."""

import base64
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from functions.adapter.in_.http.messages import Answer, Message, Scope
from functions.registry import SURFACES

type Json = dict[str, Any]

PUBLIC_URL = os.environ.get("HUNCH_PUBLIC_URL", "")
"""Where people reach the service, such as https://hunch.example; the gateway's own address when it is not set.

Behind CloudFront the Host that arrives is the gateway's. A forwarded one would be the client's to choose.
"""

_BASE_PATHS = ("/v1/", *(f"{path}/" for surface in SURFACES.values() for path in surface.paths))
_HTTPS_PORT = 443


async def serve(app: Answer, event: Json) -> Json:
    """What an application answers to one event of a Lambda proxy integration. Its answers are text."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": _body(event)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(event), receive, send)
    start, *chunks = sent
    return {
        "statusCode": start["status"],
        **_answer_headers(start["headers"]),
        "body": b"".join(chunk["body"] for chunk in chunks).decode(),
        "isBase64Encoded": False,
    }


def _scope(event: Json) -> Scope:
    identity = event["requestContext"].get("identity") or {}
    public = urlsplit(PUBLIC_URL)
    headers = [(name, value) for name, value in _headers(event) if name != "host" or not public.netloc]
    if public.netloc:
        headers.append(("host", public.netloc))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.0"},
        "http_version": "1.1",
        "method": event["httpMethod"],
        "scheme": public.scheme or _scheme(headers),
        "path": unquote(_path(event)),
        "raw_path": _path(event).encode(errors="replace"),
        "root_path": "",
        "query_string": _query_string(event),
        "headers": [(name.encode(), value.encode(errors="surrogatepass")) for name, value in headers],
        "server": (event["requestContext"].get("domainName") or "localhost", _HTTPS_PORT),
        "client": (identity.get("sourceIp"), 0),
        "aws.event": event,
    }


def _body(event: Json) -> bytes:
    body: str = event.get("body") or ""
    # Halves of surrogate pairs become bytes that are no UTF-8, which is the client's error and not ours.
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode(errors="surrogatepass")


def _answer_headers(headers: Iterable[tuple[bytes, bytes]]) -> Json:
    """Headers that are said once, and those that are said several times."""
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name.decode().lower(), []).append(value.decode())
    return {
        "headers": {name: values[0] for name, values in said.items() if len(values) == 1},
        "multiValueHeaders": {name: values for name, values in said.items() if len(values) > 1},
    }


def _headers(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every header, as often as it was sent."""
    repeated = event.get("multiValueHeaders") or {name: [value] for name, value in (event.get("headers") or {}).items()}
    for name, values in repeated.items():
        for value in values or ():
            yield name.lower(), value


def _scheme(headers: list[tuple[str, str]]) -> str:
    return "http" if ("x-forwarded-proto", "http") in headers else "https"


def _query_string(event: Mapping[str, Any]) -> bytes:
    """The query that the gateway has decoded, encoded again."""
    parameters = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters") or {}
    return urlencode(parameters, doseq=True, errors="replace").encode()


def _path(event: Mapping[str, Any]) -> str:
    """The path without the stage, in case the gateway left it there."""
    path: str = event["path"]
    context = event["requestContext"]
    without_stage = path.removeprefix(f"/{context.get('stage')}")
    return without_stage if path == context.get("path") and without_stage.startswith(_BASE_PATHS) else path
