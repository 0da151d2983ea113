"""Who is asking."""

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a credential allows beyond trading."""

    CREATOR = "creator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified subject of a credential, which names the account, and its roles."""

    account: str
    roles: frozenset[Role] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether the caller runs this instance."""
        return Role.ADMIN in self.roles
