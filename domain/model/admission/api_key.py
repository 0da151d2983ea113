"""Bot keys: how programs sign in."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.model.kernel.caller import Caller, Role, Scope
from domain.model.kernel.errors import ForbiddenError, LateExpiryError, PastExpiryError
from domain.model.kernel.record import record
from domain.model.ledger.account import Account

API_KEY_PREFIX = "hk_"
MAX_KEY_NAME = 120
ADMIN_KEY_LIFE = timedelta(days=90)
"""The longest that a key of an admin is good for."""
USE_INTERVAL = timedelta(minutes=10)
"""How exactly the last use is known: a write for each use would cost more than most uses."""

_TEXT = re.compile(r"hk_([a-z0-9-]{1,64})_([0-9a-f]{28})_[0-9a-f]{64}", re.ASCII)


@record("api_key", key=("account", "id"), counters=("version",))
@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: without its secret.

    Args:
        account: whose it is.
        id: its name within the account; ids sort by age.
        name: what a person calls it.
        scopes: what it may be used for.
        roles: what it allows beyond trading: as its maker's credential did when it was made.
        digest: the SHA-256 of the whole key, in hex. Of 256 random bits a slow hash would protect nothing more.
        created_at: when it was made.
        expires_at: from when on it is no longer good; None for never.
        last_used_at: when it was last used, to USE_INTERVAL; None when it never was.
        version: how often that was written.
        revocations: how often the account's credentials had been revoked when it was made.
        demotions: how often the account's keys had ceased to be an admin's when it was made.
        is_local: whether it was made where anybody may sign in as anybody: such a key counts there alone.
    """

    account: str
    id: str
    name: str
    scopes: tuple[Scope, ...]
    roles: tuple[Role, ...]
    digest: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    version: int
    revocations: int = 0
    demotions: int = 0
    is_local: bool = False


@dataclass(frozen=True, slots=True)
class IssuedApiKey:
    """A new key.

    Args:
        api_key: what is kept.
        text: the key itself, which is shown once.
    """

    api_key: ApiKey
    text: str


def new_id(now: datetime) -> str:
    """An id that nobody can guess and that sorts by age: twelve hex digits of milliseconds, sixteen of chance."""
    return f"{int(now.timestamp() * 1000):012x}{secrets.token_hex(8)}"


def issue_api_key(
    caller: Caller, name: str, scopes: Iterable[Scope], expires_at: datetime | None, now: datetime
) -> IssuedApiKey:
    """A new key of the caller's.

    It names its account, so that it is found without an index; its digest covers that name.

    Raises:
        ForbiddenError: the caller may not give it all these scopes.
        PastExpiryError: it would have expired already.
        LateExpiryError: it has the scope of an admin, and would outlive ADMIN_KEY_LIFE.
    """
    wanted = frozenset(scopes)
    require_future(expires_at, now)
    if Scope.ADMIN in wanted:
        expires_at = _within_admin_life(expires_at, now)
    if not wanted <= caller.scopes - {Scope.KEYS}:
        raise ForbiddenError("A key cannot do more than the credential it is made with.")
    if Scope.ADMIN in wanted and not caller.is_admin:
        raise ForbiddenError("Only an admin can make a key with the scope 'admin'.")
    roles = caller.roles if Scope.ADMIN in wanted else caller.roles - {Role.ADMIN}
    id_ = new_id(now)
    text = f"hk_{caller.account}_{id_}_{secrets.token_hex(32)}"
    api_key = ApiKey(
        account=caller.account,
        id=id_,
        name=name,
        scopes=tuple(scope for scope in Scope if scope in wanted),
        roles=tuple(role for role in Role if role in roles),
        digest=_digest(text),
        created_at=now,
        expires_at=expires_at,
        last_used_at=None,
        version=0,
    )
    return IssuedApiKey(api_key, text)


def require_future(expires_at: datetime | None, now: datetime) -> None:
    """Let pass what has not expired yet.

    Raises:
        PastExpiryError: it has.
    """
    if expires_at is not None and expires_at <= now:
        raise PastExpiryError


def _within_admin_life(expires_at: datetime | None, made_at: datetime) -> datetime:
    latest = made_at + ADMIN_KEY_LIFE
    if expires_at is not None and expires_at > latest:
        raise LateExpiryError(f"must be within {ADMIN_KEY_LIFE.days} days for a key with the scope 'admin'")
    return expires_at or latest


def made_for(api_key: ApiKey, account: Account, *, is_local: bool) -> ApiKey:
    """A new key as it is kept for its account.

    Args:
        api_key: the key.
        account: its account as it stands.
        is_local: whether anybody may sign in as anybody here.
    """
    return replace(api_key, revocations=account.revocations, demotions=account.demotions, is_local=is_local)


def as_it_stands(api_key: ApiKey, account: Account) -> ApiKey:
    """The key with what it still is: an admin's no longer once its account was demoted, and not for ever."""
    if Scope.ADMIN not in api_key.scopes:
        return api_key
    latest = api_key.created_at + ADMIN_KEY_LIFE
    expires_at = min(api_key.expires_at or latest, latest)
    if api_key.demotions == account.demotions:
        return replace(api_key, expires_at=expires_at)
    scopes = tuple(scope for scope in api_key.scopes if scope is not Scope.ADMIN)
    roles = tuple(role for role in api_key.roles if role is not Role.ADMIN)
    return replace(api_key, scopes=scopes, roles=roles, expires_at=expires_at)


def place_of_api_key(text: str) -> tuple[str, str] | None:
    """The account and the id that a key claims to have; None for what is no key."""
    match = _TEXT.fullmatch(text)
    return (match[1], match[2]) if match else None


def caller_of_api_key(api_key: ApiKey, text: str, now: datetime) -> Caller | None:
    """Whom a text makes its bearer; None when it is not this very key, or the key has expired."""
    is_same = hmac.compare_digest(api_key.digest, _digest(text))
    if not is_same or (api_key.expires_at is not None and api_key.expires_at <= now):
        return None
    return Caller(api_key.account, frozenset(api_key.roles), frozenset(api_key.scopes))


def is_use_due(api_key: ApiKey, now: datetime) -> bool:
    """Whether a use of the key has to be noted: none was, or not for USE_INTERVAL."""
    return api_key.last_used_at is None or now - api_key.last_used_at >= USE_INTERVAL


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
