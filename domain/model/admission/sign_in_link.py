"""Sign-in links: a way back into an account that came by an invitation, once, on any device."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.model.admission.api_key import new_id, require_future
from domain.model.admission.signature import sign, signed_text
from domain.model.kernel.errors import BadCredentialError, LateExpiryError, LimitExceededError
from domain.model.kernel.record import record
from domain.model.ledger.account import Account

MAX_LINKS = 20
DEFAULT_LIFE = timedelta(days=7)
MAX_LIFE = timedelta(days=30)
_PURPOSE = "sign-in-link"
_TEXT = re.compile(r"([a-z0-9-]{1,64})_([0-9a-f]{28})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link as it is kept.

    Args:
        id: its name within the account.
        made_at: when it was made.
        expires_at: from when on it signs nobody in.
        revocations: how often the account's credentials had been revoked when it was made.
        used_by: the random name of the request that used it; None until then.
    """

    id: str
    made_at: datetime
    expires_at: datetime
    revocations: int
    used_by: str | None = None


@record("sign_in_links", key=("account",), counters=("version",))
@dataclass(frozen=True, slots=True)
class SignInLinks:
    """The links of one account.

    Args:
        account: whose they are.
        links: those that may still sign in, and some that were used.
        version: how often that was changed.
    """

    account: str
    links: tuple[SignInLink, ...]
    version: int


def make_link(expires_at: datetime | None, now: datetime) -> SignInLink:
    """A new link, which is no account's yet: see :func:`add_link`.

    Args:
        expires_at: until when it may be used; None for DEFAULT_LIFE from now on.
        now: the present.

    Raises:
        PastExpiryError: it would have expired already.
        LateExpiryError: it would live longer than MAX_LIFE.
    """
    require_future(expires_at, now)
    if expires_at is not None and expires_at > now + MAX_LIFE:
        raise LateExpiryError(f"must be within {MAX_LIFE.days} days")
    return SignInLink(new_id(now), now, expires_at or now + DEFAULT_LIFE, revocations=0)


def add_link(kept: SignInLinks | None, account: Account, link: SignInLink, now: datetime) -> SignInLinks:
    """The links of the account with one more, without those that are over; the same where it is among them already.

    Raises:
        LimitExceededError: MAX_LINKS of them may still sign in.
    """
    if kept and any(each.id == link.id for each in kept.links):
        return kept
    links = [each for each in kept.links if _is_open(each, account, now)] if kept else []
    if len(links) >= MAX_LINKS:
        raise LimitExceededError(f"This account has {MAX_LINKS} sign-in links, the most there may be. Use one of them.")
    made = replace(link, revocations=account.revocations)
    return SignInLinks(account.id, (*links, made), kept.version + 1 if kept else 0)


def use_link(kept: SignInLinks | None, account: Account | None, id_: str, by: str, now: datetime) -> SignInLinks:
    """The links once that one is used; the same where it was used by this very request.

    Raises:
        BadCredentialError: there is none, or it was used, revoked, or has expired.
    """
    for link in kept.links if kept else ():
        if kept and link.id == id_ and link.used_by == by:
            return kept
        if kept and account and link.id == id_ and _is_open(link, account, now):
            used = tuple(replace(each, used_by=by) if each is link else each for each in kept.links)
            return replace(kept, links=used, version=kept.version + 1)
    raise BadCredentialError("This link was used, revoked, or has expired. Ask whoever sent it for a new one.")


def find_link(kept: SignInLinks, id_: str) -> SignInLink:
    """The link of that name, which is there."""
    return next(link for link in kept.links if link.id == id_)


def sign_link(secret: str, account: str, link: SignInLink) -> str:
    """The link's token, which is made of its name and is not kept."""
    return sign(secret, _PURPOSE, f"{account}_{link.id}")


def read_link_token(secret: str, token: str) -> tuple[str, str] | None:
    """The account and the id of the link that a token was made for; None when it is none of this instance's."""
    text = signed_text(secret, _PURPOSE, token)
    match = _TEXT.fullmatch(text) if text is not None else None
    return (match[1], match[2]) if match else None


def link_url(base: str, token: str) -> str:
    """The link. The token is its fragment, which browsers keep to themselves: no server's log ever sees it."""
    return f"{base.rstrip('/')}/sign-in-link#{token}"


def _is_open(link: SignInLink, account: Account, now: datetime) -> bool:
    return link.used_by is None and now < link.expires_at and link.revocations == account.revocations
