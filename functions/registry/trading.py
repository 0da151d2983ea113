"""Markets and trading: the functions."""

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
    Who,
)

SUBDOMAIN = "trading"

CHANGE_LISTED = {"core": WRITE_RECORDS["core"] | {"DeleteItem"}, "ledger": WRITE_RECORDS["ledger"]}
"""What changes when a market takes orders no longer, or again: its row among those that close soon may go."""

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "create_market",
        SUBDOMAIN,
        Http("POST", "/v1/markets", Access.ACCOUNT, HTTPStatus.CREATED, "Draft a market", "Markets", who=Who.CREATOR),
        CHANGE_RECORDS,
    ),
    Function(
        "list_markets",
        SUBDOMAIN,
        Http("GET", "/v1/markets", Access.OPTIONAL, HTTPStatus.OK, "List markets, newest first", "Markets"),
        READ_LISTS,
    ),
    Function(
        "get_market",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}", Access.OPTIONAL, HTTPStatus.OK, "Read a market", "Markets"),
        READ_RECORDS,
    ),
    Function(
        "publish_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/publish",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Pay the subsidy and open it",
            "Markets",
            who=Who.OWNER,
        ),
        WRITE_RECORDS,
    ),
    Function(
        "edit_market",
        SUBDOMAIN,
        Http("PATCH", "/v1/markets/{slug}", Access.ACCOUNT, HTTPStatus.OK, "Edit a draft", "Markets", who=Who.OWNER),
        CHANGE_RECORDS,
    ),
    Function(
        "delete_draft",
        SUBDOMAIN,
        Http(
            "DELETE",
            "/v1/markets/{slug}",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Delete a draft",
            "Markets",
            who=Who.OWNER,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem", "DeleteItem"})},
    ),
    Function(
        "close_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/close",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Take no more orders",
            "Markets",
            who=Who.OWNER_OR_ADMIN,
        ),
        CHANGE_LISTED,
    ),
    Function(
        "reopen_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/reopen",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Take orders again",
            "Markets",
            who=Who.OWNER_OR_ADMIN,
        ),
        CHANGE_LISTED,
    ),
    Function(
        "void_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/void",
            Access.ACCOUNT,
            HTTPStatus.ACCEPTED,
            "Call it off",
            "Markets",
            "admin",
            Who.ADMIN,
        ),
        CHANGE_LISTED,
    ),
    Function(
        "resolve_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/resolve",
            Access.ACCOUNT,
            HTTPStatus.ACCEPTED,
            "Decide the outcome",
            "Markets",
            who=Who.OWNER_OR_ADMIN,
        ),
        CHANGE_LISTED,
    ),
    Function(
        "withdraw_resolution",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/withdraw-resolution",
            Access.ACCOUNT,
            HTTPStatus.OK,
            "Withdraw the decision before it is paid",
            "Markets",
            who=Who.OWNER_OR_ADMIN,
        ),
        WRITE_RECORDS,
    ),
    Function(
        "clarify_market",
        SUBDOMAIN,
        Http(
            "POST",
            "/v1/markets/{slug}/clarifications",
            Access.ACCOUNT,
            HTTPStatus.CREATED,
            "Clarify its rules",
            "Markets",
            who=Who.OWNER_OR_ADMIN,
        ),
        WRITE_RECORDS,
    ),
    Function(
        "list_trades",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}/trades", Access.OPTIONAL, HTTPStatus.OK, "List its trades", "Markets"),
        READ_LEDGER,
    ),
    Function(
        "list_holders",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}/holders", Access.OPTIONAL, HTTPStatus.OK, "List who holds shares", "Markets"),
        READ_LISTS,
    ),
    Function(
        "quote",
        SUBDOMAIN,
        Http("POST", "/v1/markets/{slug}/quotes", Access.OPTIONAL, HTTPStatus.OK, "Price an order", "Trading", "read"),
        READ_RECORDS,
    ),
    Function(
        "place_order",
        SUBDOMAIN,
        Http("POST", "/v1/markets/{slug}/orders", Access.ACCOUNT, HTTPStatus.CREATED, "Buy or sell", "Trading"),
        {"core": WRITE_RECORDS["core"] | {"Query", "DeleteItem"}, "ledger": WRITE_RECORDS["ledger"]},
        memory_mb=1769,  # a whole processor: on a busy book one of them decides and writes the orders of all
    ),
    Function(
        "get_order",
        SUBDOMAIN,
        Http("GET", "/v1/orders/{id}", Access.ACCOUNT, HTTPStatus.OK, "Read an order of mine", "Trading"),
        READ_RECORDS,
    ),
    Function(
        "close_expired_markets",
        SUBDOMAIN,
        Schedule(minutes=5),
        {"core": frozenset({"BatchGetItem", "Query", "PutItem", "DeleteItem"}), "ledger": frozenset({"PutItem"})},
        memory_mb=512,
        timeout_seconds=50,
    ),
)
