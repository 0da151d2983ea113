"""How the authorizer tells the functions who is calling: strings in the context of the event."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from domain.model.kernel.caller import Caller, Role, Scope

_SUSPENDED = "suspended"
_NEWLY_LINKED = "newly-linked"
_REMEMBERED = 256
"""So many combinations of roles or scopes are read once: there are no more of them that people have."""


def caller_of(event: Mapping[str, Any]) -> Caller | None:
    """The caller of a REST API event.

    The authorizer's context has strings only: ``account``, and ``roles``, ``scopes`` and ``limits`` separated by
    blanks. Its ``principalId`` says nothing, because an authorizer has to name one for anonymous requests too. A role
    or a scope that is missing, or that this release does not know, gives nothing.
    """
    context = event["requestContext"].get("authorizer") or {}
    account = context.get("account")
    if not account:
        return None
    limits = (context.get("limits") or "").split()
    return Caller(
        account,
        _named(Role, context.get("roles")),
        _named(Scope, context.get("scopes")),
        is_suspended=_SUSPENDED in limits,
        is_newly_linked=_NEWLY_LINKED in limits,
    )


def context_of(caller: Caller) -> dict[str, str]:
    """The context by which the authorizer tells the functions who the caller is: what :func:`caller_of` reads."""
    return {
        "account": caller.account,
        "roles": " ".join(sorted(role.value for role in caller.roles)),
        "scopes": " ".join(sorted(scope.value for scope in caller.scopes)),
        "limits": " ".join(
            name
            for name, holds in ((_SUSPENDED, caller.is_suspended), (_NEWLY_LINKED, caller.is_newly_linked))
            if holds
        ),
    }


@lru_cache(_REMEMBERED)
def _named[E: (Role, Scope)](kind: type[E], names: str | None) -> frozenset[E]:
    given = (names or "").split()
    return frozenset(member for member in kind if member.value in given)
