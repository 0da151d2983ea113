"""Texts that nobody but this instance can have written: each with its HMAC-SHA256, for one purpose only."""

import base64
import hashlib
import hmac


def sign(secret: str, purpose: str, text: str) -> str:
    """The text, a dot and its signature.

    Args:
        secret: the instance's.
        purpose: what the text is for: what was signed for another purpose is not taken for it.
        text: in ASCII, without a dot.
    """
    return f"{text}.{_signature(secret, purpose, text)}"


def signed_text(secret: str, purpose: str, signed: str) -> str | None:
    """The text that was signed; None when the signature is not ours."""
    text, _, signature = signed.rpartition(".")
    if not signed.isascii() or not hmac.compare_digest(signature, _signature(secret, purpose, text)):
        return None
    return text


def _signature(secret: str, purpose: str, text: str) -> str:
    digest = hmac.digest(secret.encode(), f"{purpose}\n{text}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
