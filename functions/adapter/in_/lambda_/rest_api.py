"""The events of an API Gateway REST API as ASGI requests, as exactly as the gateway hands them over.

Mangum's own reading joins repeated headers, fails on a Host that it cannot split, and keeps a stage in the path.
"""

import base64
import os
from collections.abc import Iterator, Mapping
from typing import Any, override
from urllib.parse import unquote, urlencode, urlsplit

from mangum.handlers import APIGateway
from mangum.types import Scope

from functions.registry import SURFACES

type Json = dict[str, Any]

PUBLIC_URL = os.environ.get("HUNCH_PUBLIC_URL", "")
"""Where people reach the service, such as https://hunch.example; the gateway's own address when it is not set.

Behind CloudFront the Host that arrives is the gateway's. A forwarded one would be the client's to choose.
"""

_BASE_PATHS = ("/v1/", *(f"{path}/" for surface in SURFACES.values() for path in surface.paths))
_HTTPS_PORT = 443


class RestApi(APIGateway):
    """One event of a Lambda proxy integration."""

    @property
    @override
    def body(self) -> bytes:
        body: str = self.event.get("body") or ""
        # Halves of surrogate pairs become bytes that are no UTF-8, which is the client's error and not ours.
        return base64.b64decode(body) if self.event.get("isBase64Encoded") else body.encode(errors="surrogatepass")

    @property
    @override
    def scope(self) -> Scope:
        identity = self.event["requestContext"].get("identity") or {}
        public, path = urlsplit(PUBLIC_URL), _path(self.event)
        headers = [(name, value) for name, value in _headers(self.event) if name != "host" or not public.netloc]
        if public.netloc:
            headers.append(("host", public.netloc))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "http_version": "1.1",
            "method": self.event["httpMethod"],
            "scheme": public.scheme or _scheme(headers),
            "path": unquote(path),
            "raw_path": path.encode(errors="replace"),
            "root_path": "",
            "query_string": _query_string(self.event),
            "headers": [(name.encode(), value.encode(errors="surrogatepass")) for name, value in headers],
            "server": (self.event["requestContext"].get("domainName") or "localhost", _HTTPS_PORT),
            "client": (identity.get("sourceIp"), 0),
            "aws.event": self.event,
            "aws.context": self.context,
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
    return urlencode(parameters, doseq=True, errors="replace").encode() if parameters else b""


def _path(event: Mapping[str, Any]) -> str:
    """The path without the stage, in case the gateway left it there."""
    path: str = event["path"]
    context = event["requestContext"]
    without_stage = path.removeprefix(f"/{context.get('stage')}")
    return without_stage if path == context.get("path") and without_stage.startswith(_BASE_PATHS) else path
