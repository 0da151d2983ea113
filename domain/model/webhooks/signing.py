"""Signatures by the Standard Webhooks specification, version 1 (https://www.standardwebhooks.com)."""

import base64
import hmac
import secrets

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """A secret that nobody can guess, in the specification's form."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """The signature of one message.

    Args:
        secret: one of :func:`new_secret`.
        id_: the message's id.
        timestamp: when it is sent, in seconds since 1970.
        body: its content, to the byte.
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{id_}.{timestamp}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
