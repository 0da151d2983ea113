"""What the server says to bytes that are no request: a problem, as to everything else that is wrong."""

import uuid
from typing import Any, override

from starlette.requests import Request
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from functions.adapter.in_.http.application import REQUEST_ID_HEADER
from functions.adapter.in_.http.problem_details import VALIDATION_FAILED, FieldError, problem_response


class ProblemProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, whose one answer of its own keeps the contract.

    That answer is to what cannot be read: a method that HTTP does not know, a Content-Length that is no number, an
    address that is not ASCII or has no end. No application is asked about those.
    """

    @override
    def send_400_response(self, msg: str) -> None:
        url = getattr(self, "url", b"")  # not yet there when the very first bytes make no sense
        scope: dict[str, Any] = {
            "type": "http",
            "scheme": self.scheme,
            "server": self.server,
            "path": "/",
            "raw_path": url.partition(b"?")[0] or b"/",
            "headers": [],
        }
        errors = [FieldError(field="request", detail="must be a request that HTTP knows")]
        refusal = problem_response(
            Request(scope), VALIDATION_FAILED, "This is no request that HTTP knows: mend it and send it again.", errors
        )
        headers = [*refusal.raw_headers, (REQUEST_ID_HEADER, uuid.uuid4().hex.encode()), (b"connection", b"close")]
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        self.transport.write(STATUS_LINE[400] + lines + b"\r\n" + bytes(refusal.body))
        self.transport.close()
