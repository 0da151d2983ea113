"""How the subject of an issuer's token becomes an account."""

import base64
import hashlib
import re

from domain.model.kernel.names import is_slug
from domain.model.ledger.journal import HOUSE

GUEST_PREFIX = "guest-"
"""Begins the accounts of invited people where there is an issuer too: none of its subjects can be one of them."""

_HASHED = re.compile("id-[a-z2-7]{32}", re.ASCII)


def account_of_subject(subject: str) -> str:
    """The account of a subject: the subject itself where that can be an account's name, or else a hash of it.

    The same subject gives the same account for ever. Two never share one: what looks like a hash, or like a guest, is
    hashed itself; of 160 bits of SHA-256 no two are known to meet.
    """
    can_be_account = is_slug(subject) and subject != HOUSE and not subject.startswith(GUEST_PREFIX)
    if can_be_account and not _HASHED.fullmatch(subject):
        return subject
    digest = hashlib.sha256(subject.encode(errors="surrogatepass")).digest()[:20]
    return f"id-{base64.b32encode(digest).decode().lower()}"
