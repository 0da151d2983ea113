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
    ),
    Function(
        "list_invitations",
        SUBDOMAIN,
        Http(
            "GET", "/v1/invitations", Access.ACCOUNT, HTTPStatus.OK, "List invitations", "Admission", "admin", Who.ADMIN
        ),
        {"core": frozenset({"BatchGetItem", "Query", "PutItem"})},
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
    ),
    Function(
        "list_people",
        SUBDOMAIN,
        Http("GET", "/v1/people", Access.ACCOUNT, HTTPStatus.OK, "List the accounts", "Admission", "admin", Who.ADMIN),
        {"core": frozenset({"BatchGetItem", "Scan"})},
    ),
    Function(
        "suspend_account",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/people/{account}/suspend",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Suspend an account",
            "Admission",
            "admin",
            Who.ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "restore_account",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/people/{account}/restore",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Restore an account",
            "Admission",
            "admin",
            Who.ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "revoke_credentials",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/people/{account}/revoke-credentials",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Revoke an account's credentials",
            "Admission",
            "admin",
            Who.ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "revoke_my_credentials",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/me/revoke-credentials",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Revoke all my credentials",
            "Admission",
            "keys",
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "create_sign_in_link",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/accounts/{account}/sign-in-links",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Make a way back into an account",
            "Admission",
            "keys",
            Who.HOLDER_OR_ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "accept_sign_in_link",
        SUBDOMAIN,
        Http("POST", "/v1/sign-in-links/accept", Access.PUBLIC, HTTPStatus.OK, "Sign in by a link", "Admission"),
        {"core": frozenset({"BatchGetItem", "PutItem"})},
    ),
    Function(
        "authorize", SUBDOMAIN, Authorizer(), {"core": frozenset({"BatchGetItem", "PutItem"})}, timeout_seconds=10
    ),
)
