"""Admission: keys and invitations: the functions."""

from http import HTTPStatus

from functions.registry.triggers import (
    READ_LISTS,
    REMOVE_RECORDS,
    WRITE_RECORDS,
    Access,
    Authorizer,
    Function,
    Http,
    Who,
)

SUBDOMAIN = "admission"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "create_api_key",
        SUBDOMAIN,
        Http("POST", "/v1/api-keys", Access.ACCOUNT, HTTPStatus.CREATED, "Make a bot key", "Admission", "keys"),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "list_api_keys",
        SUBDOMAIN,
        Http("GET", "/v1/api-keys", Access.ACCOUNT, HTTPStatus.OK, "List my bot keys", "Admission"),
        READ_LISTS,
    ),
    Function(
        "revoke_api_key",
        SUBDOMAIN,
        Http(
            "DELETE",
            "/v1/api-keys/{id}",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Revoke a bot key",
            "Admission",
            "keys",
        ),
        REMOVE_RECORDS,
    ),
    Function(
        "create_invitation",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/invitations",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Invite people",
            "Admission",
            "admin",
            Who.ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
        secrets=True,
    ),
    Function(
        "list_invitations",
        SUBDOMAIN,
        Http(
            "GET", "/v1/invitations", Access.ACCOUNT, HTTPStatus.OK, "List invitations", "Admission", "admin", Who.ADMIN
        ),
        {"core": frozenset({"BatchGetItem", "Query", "PutItem"})},
        secrets=True,
    ),
    Function(
        "revoke_invitation",
        SUBDOMAIN,
        Http(
            "DELETE",
            "/v1/invitations/{id}",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Revoke an invitation",
            "Admission",
            "admin",
            Who.ADMIN,
        ),
        REMOVE_RECORDS,
    ),
    Function(
        "accept_invitation",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/invitations/accept",
            Access.PUBLIC,
            HTTPStatus.CREATED,
            "Open an account by an invitation",
            "Admission",
        ),
        WRITE_RECORDS,
        secrets=True,
    ),
    Function(
        "authorize",
        SUBDOMAIN,
        Authorizer(),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
        secrets=True,
        writes=frozenset({"B#"}),
        timeout_seconds=10,
    ),
)
