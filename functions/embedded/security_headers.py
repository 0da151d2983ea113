"""What a browser may do with what this server answers: run and show what came from here, and send nothing elsewhere."""

from urllib.parse import urlsplit

from functions.adapter.in_.http.messages import Answer, Message, Receive, Scope, Send
from functions.registry.deployed import content_security_policy


def security_headers(issuer: str | None = None) -> dict[str, str]:
    """The headers that say so.

    A provider's endpoints may be at other addresses than its issuer's, so with one the page may call any https address.

    Args:
        issuer: the address of the OpenID provider by which people sign in; None without one.
    """
    provider = ("https:", _origin(issuer)) if issuer else ()
    return {
        "Content-Security-Policy": content_security_policy(*provider),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class SecureAnswers:
    """Puts these headers on every answer: the page's, the documentation's and the API's, problems among them.

    Args:
        app: what answers.
        headers: the headers.
    """

    def __init__(self, app: Answer, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        await self._app(scope, receive, send_secured)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
