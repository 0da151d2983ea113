"""Whom other people's tokens name."""

from typing import NamedTuple, Protocol

from domain.model.kernel.caller import Role


class Identity(NamedTuple):
    """A verified subject and the roles that its groups give it here."""

    subject: str
    roles: frozenset[Role]


class Issuer(Protocol):
    """The issuer of tokens that this instance trusts."""

    async def identify(self, token: str) -> Identity:
        """Whom a token names.

        Raises:
            BadCredentialError: the issuer did not sign it, or not for this instance, or not for now.
            ContentionError: the issuer's keys cannot be fetched at the moment.
        """
        ...
