"""Who is asking."""

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a credential allows beyond trading."""

    CREATOR = "creator"
    ADMIN = "admin"


class Scope(Enum):
    """What a credential may be used for. A person's is good for everything, a bot key's for what it was made for."""

    READ = "read"
    TRADE = "trade"
    ADMIN = "admin"
    KEYS = "keys"
    """Making and revoking bot keys, which no bot key may: a stolen one cannot outlive its revocation."""


EVERY_SCOPE = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified subject of a credential.

    Args:
        account: the account that it names.
        roles: what it allows beyond trading.
        scopes: what it may be used for.
        is_suspended: whether the account is suspended.
        is_newly_linked: whether the credential came by a sign-in link that was made less than a day ago.
    """

    account: str
    roles: frozenset[Role] = frozenset()
    scopes: frozenset[Scope] = EVERY_SCOPE
    is_suspended: bool = False
    is_newly_linked: bool = False

    @property
    def is_admin(self) -> bool:
        """Whether the caller runs this instance."""
        return Role.ADMIN in self.roles
