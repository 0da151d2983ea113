"""The roles of a token's groups, however an issuer writes them."""

import logging

import pytest

from domain.model.kernel.caller import Role
from functions.adapter.out.oidc.groups import Groups

ROLE_OF_GROUP = {"admin": Role.ADMIN, "creator": Role.CREATOR}
BOTH = {"admin", "creator"}


def roles(claim: str, claims: dict[str, object]) -> set[str]:
    """What a token's subject may do."""
    return {role.value for role in Groups("https://issuer.example", claim, ROLE_OF_GROUP).roles(claims)}


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (["admin", "creator", "chess club", 7, None], BOTH),
        ("creator admin", BOTH),
        ({"admin": {"312": "school.example"}, "creator": True}, BOTH),
        ({"admin": False, "creator": None, "chess": {}}, set()),
        ({"admin": "no", "creator": 0}, set()),
        (["Admin", "administrator"], set()),
        ({}, set()),
        ([], set()),
    ],
)
def test_the_shapes_of_groups(groups: object, expected: set[str]) -> None:
    """A list, a text, and a map in which a group is true or has something said of it."""
    assert roles("groups", {"groups": groups}) == expected


@pytest.mark.parametrize(
    ("claim", "claims"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["admin"]}}),
        ("resource_access.hunch-web.roles", {"resource_access": {"hunch-web": {"roles": ["admin"]}}}),
        ("urn:zitadel:iam:org:project:roles", {"urn:zitadel:iam:org:project:roles": {"admin": {"1": "a.example"}}}),
        ("https://hunch.example/roles", {"https://hunch.example/roles": ["admin"]}),
        ("cognito:groups", {"cognito:groups": ["admin"]}),
    ],
)
def test_where_groups_are(claim: str, claims: dict[str, object]) -> None:
    """The name of a claim, dots and all, or the path to one within others."""
    assert roles(claim, claims) == {"admin"}


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"sub": "ann", "realm_access": {"roles": ["admin"]}}, "is missing. Its claims are realm_access, sub."),
        ({"groups": True}, "lists no groups"),
        ({"groups": 7}, "lists no groups"),
    ],
)
def test_no_role_is_told_once(claims: dict[str, object], why: str, caplog: pytest.LogCaptureFixture) -> None:
    """Who expected to be an admin finds the reason in the log, and no more of it for each request."""
    groups = Groups("https://issuer.example", "groups", ROLE_OF_GROUP)
    with caplog.at_level(logging.WARNING):
        assert groups.roles(claims) == groups.roles(claims) == frozenset()
    (line,) = caplog.messages
    assert why in line
    assert "HUNCH_OIDC_ROLES_CLAIM" in line


def test_a_subject_in_no_group_is_no_surprise(caplog: pytest.LogCaptureFixture) -> None:
    """An empty list says all there is to say."""
    assert roles("groups", {"groups": []}) == set()
    assert caplog.messages == []
