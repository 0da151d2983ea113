"""An OpenID Connect issuer on loopback: discovery, keys that rotate, and tokens of any kind, good ones and bad ones."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

AUDIENCE = "hunch-web"


@cache
def private_key(name: str) -> RSAPrivateKey:
    """The key of that name, made once: it takes a while."""
    return generate_private_key(65537, 2048)


class LoopbackIssuer:
    """What it publishes, and what it signs.

    Args:
        url: where it answers: the ``iss`` of its tokens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.published = ["first"]
        self.name = url
        self.is_down = False
        self.key_fetches = 0

    def claims(self, **changed: object) -> dict[str, object]:
        """What a good token says, but for what is changed; None leaves a claim out."""
        now = datetime.now(UTC)
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "ann", "iat": now, "exp": now + timedelta(minutes=5)}
        return {name: value for name, value in {**claims, **changed}.items() if value is not None}

    def token(
        self,
        *,
        key: str = "first",
        kid: str | None = "",
        algorithm: str = "RS256",
        header_typ: str = "JWT",
        **changed: object,
    ) -> str:
        """A token, signed with the key of that name under that name, unless `kid` is given; None leaves it out."""
        headers = {"typ": header_typ} | ({} if kid is None else {"kid": kid or key})
        return jwt.encode(self.claims(**changed), private_key(key), algorithm, headers=headers)

    def signed_with_public_key(self, **changed: object) -> str:
        """A token whose HMAC is keyed with what everybody knows: the published key."""
        public = private_key("first").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        text = self._unsigned({"alg": "HS256", "typ": "JWT", "kid": "first"}, changed)
        return f"{text}.{_encoded(hmac.digest(public, text.encode(), hashlib.sha256))}"

    def unsigned(self, algorithm: str = "none", **changed: object) -> str:
        """A token without a signature."""
        return self._unsigned({"alg": algorithm, "typ": "JWT", "kid": "first"}, changed) + "."

    def answer(self, path: str) -> tuple[int, Mapping[str, Any]]:
        """What a GET is answered with."""
        if self.is_down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": self.name, "jwks_uri": f"{self.url}/keys"}
        self.key_fetches += 1
        keys = [json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key())) for name in self.published]
        named = [{**key, "kid": name, "alg": "RS256"} for name, key in zip(self.published, keys, strict=True)]
        return 200, {"keys": [*named, {"kty": "oct", "kid": "symmetric", "k": _encoded(b"x" * 32)}, {"kty": "new"}]}

    def _unsigned(self, header: Mapping[str, str], changed: Mapping[str, object]) -> str:
        claims = {
            name: int(value.timestamp()) if isinstance(value, datetime) else value
            for name, value in self.claims(**changed).items()
        }
        return ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@contextmanager
def loopback_issuer() -> Iterator[LoopbackIssuer]:
    """An issuer that answers until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            status, content = issuer.answer(self.path)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        issuer = LoopbackIssuer(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield issuer
        finally:
            server.shutdown()
            thread.join()
