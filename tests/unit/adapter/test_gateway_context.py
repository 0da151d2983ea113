"""What the authorizer tells the functions of a caller."""

import pytest

from domain.model.kernel.caller import Caller, Role, Scope
from functions.adapter.in_.lambda_.gateway_context import caller_of, context_of

ROLES: tuple[frozenset[Role], ...] = (frozenset(), frozenset(Role))
SCOPES: tuple[frozenset[Scope], ...] = (frozenset(), frozenset({Scope.READ}), frozenset(Scope))
CALLERS = [
    Caller("ann", roles, scopes, is_suspended=is_suspended, is_newly_linked=is_newly_linked)
    for roles in ROLES
    for scopes in SCOPES
    for is_suspended in (False, True)
    for is_newly_linked in (False, True)
]


@pytest.mark.parametrize("caller", CALLERS)
def test_a_caller_arrives_as_it_was(caller: Caller) -> None:
    """With what it may not do either: a suspended one does not become another on the way, nor one of a young link."""
    assert caller_of({"requestContext": {"authorizer": {"principalId": "x", **context_of(caller)}}}) == caller


def test_what_is_not_known_gives_nothing() -> None:
    """A role of a later release, or a context without an account."""
    later = {"account": "ann", "roles": "owner", "scopes": "everything", "limits": "other"}
    assert caller_of({"requestContext": {"authorizer": later}}) == Caller("ann", frozenset(), frozenset())
    for nobody in ({}, {"authorizer": None}, {"authorizer": {"principalId": "anonymous"}}):
        assert caller_of({"requestContext": nobody}) is None
