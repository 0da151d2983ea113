"""Invitations: signed links by which a number of people may open accounts."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from domain.model.admission.api_key import new_id, require_future
from domain.model.admission.signature import sign, signed_text
from domain.model.kernel.caller import Role
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.names import is_id
from domain.model.kernel.record import record

MAX_COUNT = 10_000
_PURPOSE = "invitation"
_MAX_BASE = 40
"""So much of a name is kept that a number or a few random digits still fit into an account's name."""


@record("invitation", key=("id",), counters=("version",))
@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as it is kept.

    Args:
        id: its name; ids sort by age.
        count: how many people it admits.
        used: how many it has admitted.
        roles: what it gives them beyond trading.
        created_at: when it was made.
        expires_at: from when on it admits nobody.
        version: how often it was changed.
    """

    id: str
    count: int
    used: int
    roles: tuple[Role, ...]
    created_at: datetime
    expires_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SignedInvitation:
    """An invitation with the token that its link carries, which is made anew from its id and is not kept."""

    invitation: Invitation
    token: str


def create_invitation(count: int, expires_at: datetime, roles: frozenset[Role], now: datetime) -> Invitation:
    """A new invitation.

    Raises:
        PastExpiryError: it would have expired already.
    """
    require_future(expires_at, now)
    given = tuple(role for role in Role if role in roles)
    return Invitation(new_id(now), count, 0, given, now, expires_at, 0)


def sign_invitation(secret: str, invitation: Invitation) -> SignedInvitation:
    """The invitation with its token."""
    return SignedInvitation(invitation, sign(secret, _PURPOSE, invitation.id))


def invitation_url(base: str, signed: SignedInvitation) -> str:
    """The link. The token is its fragment, which browsers keep to themselves: no server's log ever sees it."""
    return f"{base.rstrip('/')}/invitation#{signed.token}"


def read_invitation_token(secret: str, token: str) -> str | None:
    """The id of the invitation that a token was made for; None when it is none of this instance's."""
    id_ = signed_text(secret, _PURPOSE, token)
    return id_ if id_ is not None and is_id(id_) else None


def admit(invitation: Invitation, now: datetime) -> Invitation:
    """The invitation once one more person is in.

    Raises:
        ForbiddenError: it has expired, or all it admits are in.
    """
    if invitation.expires_at <= now:
        raise ForbiddenError("This invitation has expired. Ask whoever sent it for a new one.")
    if invitation.used >= invitation.count:
        raise ForbiddenError("This invitation has admitted everybody it could. Ask whoever sent it for a new one.")
    return replace(invitation, used=invitation.used + 1, version=invitation.version + 1)


def account_base(transliterated: str) -> str:
    """The account id that a person's name suggests: plain letters, digits and hyphens; ``guest`` where none are.

    Args:
        transliterated: the name in Latin letters.
    """
    return re.sub("[^a-z0-9]+", "-", transliterated.lower()).strip("-")[:_MAX_BASE].strip("-") or "guest"
