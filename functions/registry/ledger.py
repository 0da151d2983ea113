"""Accounts and the ledger: the functions."""

from http import HTTPStatus

from functions.registry.triggers import (
    CHANGE_RECORDS,
    READ_LEDGER,
    READ_LISTS,
    READ_RECORDS,
    WRITE_RECORDS,
    Access,
    Function,
    Http,
    Schedule,
    SignUp,
    Who,
)

SUBDOMAIN = "ledger"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "open_account",
        SUBDOMAIN,
        Http("POST", "/v1/accounts", Access.ACCOUNT, HTTPStatus.CREATED, "Open my account", "Accounts"),
        WRITE_RECORDS,
    ),
    Function(
        "get_me",
        SUBDOMAIN,
        Http("GET", "/v1/me", Access.ACCOUNT, HTTPStatus.OK, "Read who I am here", "Accounts"),
        READ_RECORDS,
    ),
    Function(
        "rename_account",
        SUBDOMAIN,
        Http(
            "PATCH",
            "/v1/accounts/{account}",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Rename an account",
            "Accounts",
            who=Who.HOLDER_OR_ADMIN,
        ),
        CHANGE_RECORDS,
    ),
    Function(
        "list_accounts",
        SUBDOMAIN,
        Http("GET", "/v1/accounts", Access.OPTIONAL, HTTPStatus.OK, "Read the names of accounts", "Accounts"),
        READ_RECORDS,
    ),
    Function(
        "get_account",
        SUBDOMAIN,
        Http("GET", "/v1/accounts/{account}", Access.OPTIONAL, HTTPStatus.OK, "Read an account's name", "Accounts"),
        READ_RECORDS,
    ),
    Function(
        "list_account_trades",
        SUBDOMAIN,
        Http("GET", "/v1/accounts/{account}/trades", Access.OPTIONAL, HTTPStatus.OK, "List its trades", "Accounts"),
        READ_LEDGER,
    ),
    Function(
        "get_portfolio",
        SUBDOMAIN,
        Http("GET", "/v1/portfolio", Access.ACCOUNT, HTTPStatus.OK, "Read my balance and what I hold", "Accounts"),
        READ_LISTS,
    ),
    Function(
        "list_my_trades",
        SUBDOMAIN,
        Http("GET", "/v1/portfolio/trades", Access.ACCOUNT, HTTPStatus.OK, "List my trades", "Accounts"),
        READ_LEDGER,
    ),
    Function(
        "list_journal",
        SUBDOMAIN,
        Http("GET", "/v1/portfolio/journal", Access.ACCOUNT, HTTPStatus.OK, "List how my money moved", "Accounts"),
        READ_LEDGER,
    ),
    Function(
        "grant_credits",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/accounts/{account}/grants",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Grant credits",
            "Accounts",
            "admin",
            Who.ADMIN,
        ),
        WRITE_RECORDS,
    ),
    Function(
        "get_audit",
        SUBDOMAIN,
        Http("GET", "/v1/audit", Access.OPTIONAL, HTTPStatus.OK, "See that the books balance", "Instance"),
        READ_RECORDS,
    ),
    Function("welcome_user", SUBDOMAIN, SignUp(), WRITE_RECORDS, timeout_seconds=5),
    Function(
        "audit_ledger",
        SUBDOMAIN,
        Schedule(minutes=6 * 60),
        {"core": frozenset({"BatchGetItem", "Query", "Scan", "PutItem"}), "ledger": frozenset({"Query"})},
        timeout_seconds=300,
    ),
)
