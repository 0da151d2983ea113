"""What an account's credentials are good for: suspending it, revoking them, and an admin's keys."""

from dataclasses import replace
from datetime import datetime

from domain.model.kernel.caller import Role
from domain.model.kernel.errors import LimitExceededError
from domain.model.ledger.account import Account, require_remembered

MAX_API_KEYS = 50


def suspend(account: Account) -> Account:
    """The account, whose credentials are refused from now on; the same where they are already."""
    return replace(_revised(account), suspended=True) if not account.suspended else account


def restore(account: Account) -> Account:
    """The account, whose credentials are good again; the same where they are.

    Raises:
        ForbiddenError: it was forgotten.
    """
    require_remembered(account)
    return replace(_revised(account), suspended=False) if account.suspended else account


def revoke_credentials(account: Account) -> Account:
    """The account, for which no session, key or link counts that was made before."""
    return replace(_revised(account), revocations=account.revocations + 1)


def forget(account: Account, now: datetime) -> Account:
    """The account without its name, closed for good: suspended, and no session, key or link counts any more."""
    return replace(
        revoke_credentials(account),
        name=None,
        suspended=True,
        has_admin_keys=False,
        invited_roles=None,
        forgotten_at=now,
    )


def add_api_key(account: Account, *, for_admin: bool) -> Account:
    """The account with one key more.

    Raises:
        LimitExceededError: it has MAX_API_KEYS.
    """
    if account.api_keys >= MAX_API_KEYS:
        raise LimitExceededError(f"You have {MAX_API_KEYS} bot keys, the most there may be. Revoke one.")
    has_admin_keys = account.has_admin_keys or for_admin
    return replace(_revised(account), api_keys=account.api_keys + 1, has_admin_keys=has_admin_keys)


def drop_api_key(account: Account) -> Account:
    """The account with one key less."""
    return replace(_revised(account), api_keys=max(0, account.api_keys - 1))


def is_demoted(account: Account, roles: frozenset[Role]) -> bool:
    """Whether keys of an admin are to lose that, because their owner came with these roles only."""
    return account.has_admin_keys and Role.ADMIN not in roles


def demote(account: Account) -> Account:
    """The account, whose keys are an admin's no longer."""
    return replace(_revised(account), demotions=account.demotions + 1, has_admin_keys=False)


def note_admin_key(account: Account) -> Account:
    """The account, which is known to have a key of an admin."""
    return replace(_revised(account), has_admin_keys=True)


def note_invitation(account: Account, roles: tuple[Role, ...]) -> Account:
    """The account, which is known to have come by an invitation that gave it these roles."""
    return replace(_revised(account), invited_roles=roles)


def _revised(account: Account) -> Account:
    return replace(account, revision=account.revision + 1)
