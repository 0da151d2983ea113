"""The roles that a token's groups give, in the shapes in which issuers write groups."""

import logging
from collections.abc import Mapping
from typing import Any

from domain.model.kernel.caller import Role

_logger = logging.getLogger(__name__)


class Groups:
    """Reads roles from the claim that has the groups.

    Args:
        issuer: whose tokens they are.
        claim: its name; ``realm_access.roles`` is one within another.
        role_of_group: the roles that groups give.
    """

    def __init__(self, issuer: str, claim: str, role_of_group: Mapping[str, Role]) -> None:
        self._issuer = issuer
        self._claim = claim
        self._role_of_group = role_of_group
        self._has_told = False

    def roles(self, claims: Mapping[str, Any]) -> frozenset[Role]:
        """The roles of a token's subject. The log says once why a token that lists no groups gives none."""
        groups = _find(claims, self._claim)
        names = _names(groups)
        if names is None and not self._has_told:
            self._has_told = True
            _logger.warning(
                "A token of %s gives nobody a role: its claim %r %s. Its claims are %s. Set HUNCH_OIDC_ROLES_CLAIM to "
                "the one with the groups, such as groups or realm_access.roles.",
                self._issuer,
                self._claim,
                "is missing" if groups is None else "lists no groups",
                ", ".join(sorted(claims)),
            )
        return frozenset(self._role_of_group[name] for name in names or () if name in self._role_of_group)


def _find(claims: Mapping[str, Any], path: str) -> object:
    """A claim by its name, which may have dots in it, or by its path through other claims; None where there is none."""
    if path in claims:
        return claims[path]
    first, dot, rest = path.partition(".")
    inner = claims.get(first)
    return _find(inner, rest) if dot and isinstance(inner, Mapping) else None


def _names(groups: object) -> list[str] | None:
    """The names of groups: in a list, in a text with blanks between them, or as the keys of a map.

    Returns:
        None where they are in none of these.
    """
    if isinstance(groups, str):
        return groups.split()
    if isinstance(groups, list):
        return [name for name in groups if isinstance(name, str)]
    if isinstance(groups, Mapping):
        return [name for name, about in groups.items() if about is True or isinstance(about, Mapping)]
    return None
