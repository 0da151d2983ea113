"""Webhooks: the functions."""

from http import HTTPStatus
from typing import get_args

from functions.registry.triggers import (
    CHANGE_RECORDS,
    READ_LISTS,
    READ_RECORDS,
    WEBHOOK_DELIVERIES,
    WEBHOOKS,
    Access,
    EventName,
    Function,
    Http,
    Invocation,
    Queue,
    Schedule,
)

SUBDOMAIN = "webhooks"

_CHANGE = {"core": frozenset({"BatchGetItem", "PutItem", "DeleteItem"})}

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "create_webhook",
        SUBDOMAIN,
        Http(
            "POST", "/v1/webhooks", Access.ACCOUNT, HTTPStatus.CREATED, "Have an address told what happens", "Webhooks"
        ),
        CHANGE_RECORDS,
    ),
    Function(
        "list_webhooks",
        SUBDOMAIN,
        Http("GET", "/v1/webhooks", Access.ACCOUNT, HTTPStatus.OK, "List my webhooks", "Webhooks"),
        READ_RECORDS,
    ),
    Function(
        "get_webhook",
        SUBDOMAIN,
        Http("GET", "/v1/webhooks/{id}", Access.ACCOUNT, HTTPStatus.OK, "Read a webhook of mine", "Webhooks"),
        READ_RECORDS,
    ),
    Function(
        "delete_webhook",
        SUBDOMAIN,
        Http("DELETE", "/v1/webhooks/{id}", Access.ACCOUNT, HTTPStatus.NO_CONTENT, "Delete a webhook", "Webhooks"),
        _CHANGE,
    ),
    Function(
        "rotate_webhook_secret",
        SUBDOMAIN,
        Http(
            "POST", "/v1/webhooks/{id}/rotate-secret", Access.ACCOUNT, HTTPStatus.OK, "Give it a new secret", "Webhooks"
        ),
        CHANGE_RECORDS,
    ),
    Function(
        "enable_webhook",
        SUBDOMAIN,
        Http("POST", "/v1/webhooks/{id}/enable", Access.ACCOUNT, HTTPStatus.OK, "Let it go on", "Webhooks"),
        CHANGE_RECORDS,
        rings=frozenset({WEBHOOKS}),
    ),
    Function(
        "list_webhook_deliveries",
        SUBDOMAIN,
        Http(
            "GET", "/v1/webhooks/{id}/deliveries", Access.ACCOUNT, HTTPStatus.OK, "List its last attempts", "Webhooks"
        ),
        READ_LISTS,
    ),
    Function(
        "ring_webhooks",
        SUBDOMAIN,
        Invocation(WEBHOOKS, events=frozenset(get_args(EventName.__value__))),
        {"core": frozenset({"Query"})},
        rings=frozenset({WEBHOOK_DELIVERIES}),
        memory_mb=512,
        timeout_seconds=60,
    ),
    Function(
        "deliver_webhook",
        SUBDOMAIN,
        Queue(WEBHOOK_DELIVERIES, batch_size=1),
        {"core": frozenset({"BatchGetItem", "PutItem", "DeleteItem"}), "ledger": frozenset({"Query"})},
        rings=frozenset({WEBHOOK_DELIVERIES}),
        memory_mb=512,
        timeout_seconds=120,
    ),
    Function(
        "retry_webhooks",
        SUBDOMAIN,
        Schedule(minutes=2),
        {"core": frozenset({"Query"})},
        rings=frozenset({WEBHOOK_DELIVERIES}),
        memory_mb=512,
        timeout_seconds=50,
    ),
    Function(
        "ring_untold",
        SUBDOMAIN,
        Schedule(minutes=6 * 60),
        {"core": frozenset({"BatchGetItem", "Query"}), "ledger": frozenset({"Query"})},
        rings=frozenset({WEBHOOK_DELIVERIES}),
        memory_mb=512,
        timeout_seconds=300,
    ),
)
