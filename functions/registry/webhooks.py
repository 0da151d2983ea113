"""Webhooks: the functions."""

from http import HTTPStatus

from functions.registry.triggers import (
    WEBHOOK_DELIVERIES,
    WEBHOOKS,
    WRITE_RECORDS,
    Access,
    Function,
    Http,
    Queue,
    Schedule,
)

SUBDOMAIN = "webhooks"

_READ = {"core": frozenset({"BatchGetItem"})}
_CHANGE = {"core": frozenset({"BatchGetItem", "PutItem", "DeleteItem"})}

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "create_webhook",
        SUBDOMAIN,
        Http(
            "POST", "/v1/webhooks", Access.ACCOUNT, HTTPStatus.CREATED, "Have an address told what happens", "Webhooks"
        ),
        {"core": WRITE_RECORDS["core"]},
    ),
    Function(
        "list_webhooks",
        SUBDOMAIN,
        Http("GET", "/v1/webhooks", Access.ACCOUNT, HTTPStatus.OK, "List my webhooks", "Webhooks"),
        _READ,
    ),
    Function(
        "get_webhook",
        SUBDOMAIN,
        Http("GET", "/v1/webhooks/{id}", Access.ACCOUNT, HTTPStatus.OK, "Read a webhook of mine", "Webhooks"),
        _READ,
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
        {"core": WRITE_RECORDS["core"]},
    ),
    Function(
        "enable_webhook",
        SUBDOMAIN,
        Http("POST", "/v1/webhooks/{id}/enable", Access.ACCOUNT, HTTPStatus.OK, "Let it go on", "Webhooks"),
        {"core": WRITE_RECORDS["core"]},
        rings=frozenset({WEBHOOKS}),
    ),
    Function(
        "list_webhook_deliveries",
        SUBDOMAIN,
        Http(
            "GET", "/v1/webhooks/{id}/deliveries", Access.ACCOUNT, HTTPStatus.OK, "List its last attempts", "Webhooks"
        ),
        {"core": frozenset({"BatchGetItem", "Query"})},
    ),
    Function(
        "ring_webhooks",
        SUBDOMAIN,
        Queue(
            WEBHOOKS,
            events=frozenset(
                {
                    "market.published",
                    "market.closed",
                    "market.reopened",
                    "market.clarified",
                    "market.resolving",
                    "market.withdrawn",
                    "market.resolved",
                    "market.voided",
                    "trade",
                }
            ),
        ),
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
        Schedule(minutes=1),
        {"core": frozenset({"Query"})},
        rings=frozenset({WEBHOOK_DELIVERIES}),
        memory_mb=512,
        timeout_seconds=50,
    ),
)
