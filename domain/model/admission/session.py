"""Signed tokens of people whom the instance let in itself."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from domain.model.admission.session_kind import SessionKind
from domain.model.admission.signature import sign, signed_text
from domain.model.kernel.caller import Role

NEW_LINK = timedelta(days=1)
"""So long a session that came by a link makes no other: whoever stole one cannot renew it without end."""
SESSION_LIFE = timedelta(days=180)
"""A course lasts half a year, and whoever loses the token has lost the account."""

LONGEST_TOKEN = 1000
"""No session's token is longer: an account's name has at most 64 characters."""
REMEMBERED_TOKENS = 1000
"""So many tokens are not verified anew with each request."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who was let in.

    Args:
        account: the account.
        roles: what it allows beyond trading.
        expires_at: until when, to the second.
        revocations: how often the account's credentials had been revoked when it was made.
        link_made_at: when the sign-in link was made by which it came, to the second; None where it came by none.
    """

    account: str
    roles: frozenset[Role]
    expires_at: datetime
    revocations: int = 0
    link_made_at: datetime | None = None


def session_token(secret: str, kind: SessionKind, session: Session) -> str:
    """The token that makes its bearer this account."""
    content = {
        "account": session.account,
        "roles": sorted(role.value for role in session.roles),
        "expires_at": int(session.expires_at.timestamp()),
        "revocations": session.revocations,
        "link_made_at": int(session.link_made_at.timestamp()) if session.link_made_at else None,
    }
    text = base64.urlsafe_b64encode(json.dumps(content, separators=(",", ":")).encode()).decode().rstrip("=")
    return sign(secret, kind.value, f"{kind.value}_{text}")


def read_session(secret: str, kind: SessionKind, token: str) -> Session | None:
    """The session of a token; None when it is none of this instance's, or of another kind.

    It is what was signed, which never changes; whether that still counts is the caller's to see.
    """
    return _read_session(secret, kind, token) if len(token) <= LONGEST_TOKEN else None


@lru_cache(REMEMBERED_TOKENS)
def _read_session(secret: str, kind: SessionKind, token: str) -> Session | None:
    text = signed_text(secret, kind.value, token)
    if text is None:
        return None
    encoded = text.removeprefix(f"{kind.value}_")
    content = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    roles = frozenset(role for role in Role if role.value in content["roles"])
    made_at = content.get("link_made_at")
    return Session(
        content["account"],
        roles,
        datetime.fromtimestamp(content["expires_at"], tz=UTC),
        content.get("revocations", 0),
        datetime.fromtimestamp(made_at, tz=UTC) if made_at is not None else None,
    )
