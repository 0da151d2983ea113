"""One market on a local AWS, and as many environments of the order's function as processes that hit it at once."""

import json
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from http import HTTPStatus
from importlib import import_module
from multiprocessing.synchronize import Barrier
from typing import Any, NamedTuple

from domain.application.ledger.get_audit import GetAuditRequest
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from functions.adapter.out.dynamodb.tables import Tables
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.dynamodb import dynamodb_persistence
from tests.fakes.dynamodb import ENVIRONMENT, DynamoLedger, connect, every_item, temporary_tables
from tests.fakes.statement import Statement, assert_balanced
from tests.fakes.world import GRANT, World
from tests.integration.lambda_.gateway import authorizer, invocation_context, proxy_event

PROCESSES, ORDERS, TRIES = 16, 4, 30
TRADERS = tuple(f"trader-{number:02}" for number in range(PROCESSES))
MARKET = "rain"
BODY = json.dumps({"outcome": "YES", "side": "buy", "quantity": "1"})


class Answers(NamedTuple):
    """What one process was answered.

    Args:
        filled: the ids of its orders.
        busy: how many times it was told to come back.
    """

    filled: list[str]
    busy: int


async def test_sixteen_handlers_trade_on_one_market(ministack: str) -> None:
    """Each order is filled once, or answered 503 and filled when it is repeated; no credit is made or lost."""
    with temporary_tables(connect(ministack)) as tables:
        world = _world(ministack, tables)
        for account in ("ann", *TRADERS):
            await world.open(account)
        await world.publish(MARKET, "ann")
        answers = _all_trade(ministack, tables)
        filled = [order for each in answers for order in each.filled]
        entries = await DynamoLedger(connect(ministack), tables.ledger).entries()
        trades = [entry.trade for entry in entries if entry.trade]
        assert sorted(trade.id for trade in trades) == sorted(filled)
        assert sorted(trade.version for trade in trades) == list(range(1, PROCESSES * ORDERS + 1))
        accounts = [await world.found(key_for(Account, account)) for account in ("ann", *TRADERS)]
        book = await world.found(key_for(Book, MARKET))
        assert_balanced(Statement(tuple(accounts), (book,), (), tuple(entries)), GRANT.amount * (1 + PROCESSES))
        assert (await world.get_audit.execute(GetAuditRequest())).audit.difference.amount == 0
        assert not [item for item in every_item(connect(ministack), tables.core) if item["PK"]["S"].startswith("Q#")]


def _all_trade(endpoint: str, tables: Tables) -> list[Answers]:
    """Let every process load its handler, and all of them begin at once."""
    context = multiprocessing.get_context("spawn")
    with (
        context.Manager() as manager,
        ProcessPoolExecutor(PROCESSES, context) as pool,
    ):
        together: Any = manager.Barrier(PROCESSES)
        return list(pool.map(_trade, [endpoint] * PROCESSES, [tables] * PROCESSES, TRADERS, [together] * PROCESSES))


def _trade(endpoint: str, tables: Tables, account: str, together: Barrier) -> Answers:
    """What one environment does: one request after another, each repeated under its key until it is filled."""
    os.environ |= {**ENVIRONMENT, "AWS_ENDPOINT_URL": endpoint, "CORE_TABLE": tables.core}
    os.environ["LEDGER_TABLE"] = tables.ledger
    handler = import_module("functions.api.trading.place_order.handler").handler
    together.wait()
    answers = Answers([], 0)
    for number in range(ORDERS):
        order, busy = _insist(handler, account, f"order-{number}")
        answers = Answers([*answers.filled, order], answers.busy + busy)
    return answers


def _insist(handler: Any, account: str, key: str) -> tuple[str, int]:
    """The id of an order that was filled, and how many times it was not at first."""
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)]
    for tried in range(TRIES):
        path = f"/v1/markets/{MARKET}/orders"
        event = proxy_event("POST", path, headers=headers, body=BODY, identity=authorizer(account))
        answer = handler(event, invocation_context())
        if answer["statusCode"] == HTTPStatus.CREATED:
            return json.loads(answer["body"])["id"], tried
        assert answer["statusCode"] == HTTPStatus.SERVICE_UNAVAILABLE, answer["body"]
        names = {name.lower() for name in (answer.get("multiValueHeaders") or {}) | (answer.get("headers") or {})}
        assert "retry-after" in names
    raise AssertionError(f"{TRIES} tries were not enough")


def _world(endpoint: str, tables: Tables) -> World:
    persistence = dynamodb_persistence(connect(endpoint), tables, SystemClock(), SystemRandom())
    clock: Any = SystemClock()  # the handlers have no other
    return World(persistence, clock, SystemRandom())
