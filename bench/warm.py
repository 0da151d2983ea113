"""The processor time of a warm request on Lambda, beside the two ordinary ways to do the same work.

Run as ``python -m bench.warm [--rounds 15] [--calls 100]``. The peers are a Powertools resolver with validation and one
FastAPI application for all operations behind Mangum (``bench/ordinary.py``). All answer the same event of a REST API
with the same use case over a store in memory, with the same shapes for bodies and answers, and tag what is read; none
logs or counts. A round calls ours and each peer in turn, that often each, after one that is not counted; the figures
are the medians of the rounds' microseconds for each call, and of the ratio in each round.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, NamedTuple

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from bench.figures import OURS, Figure, Subject, of_turns, rows, say, take_turns
from bench.ordinary import Operations, create_handler, etag, fingerprint
from domain.application.ledger.get_account import GetAccountRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.model.kernel.caller import EVERY_SCOPE, Caller
from domain.model.kernel.command import Idempotency
from domain.model.trading.market import MarketDefinition
from functions.adapter.in_.http.account import PublicAccountResponse
from functions.adapter.in_.http.application import Api, Envelope
from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.http.endpoint import Route
from functions.adapter.in_.http.market import MarketResponse
from functions.adapter.in_.http.order import OrderBody, OrderResponse
from functions.adapter.in_.http.trade import TradeResponse, TradesResponse
from functions.adapter.in_.lambda_.gateway_authenticator import GatewayAuthenticator
from functions.adapter.in_.lambda_.gateway_context import caller_of
from functions.adapter.in_.lambda_.http_handler import TEXT_TYPES, event_loop
from functions.adapter.in_.lambda_.rest_api import RestApi
from functions.api.ledger.get_account.route import create_route as account_route
from functions.api.trading.get_market.route import create_route as market_route
from functions.api.trading.list_trades.route import create_route as trades_route
from functions.api.trading.place_order.route import create_route as order_route
from functions.registry import HTTP_TRIGGERS
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import World
from tests.integration.lambda_.gateway import authorizer, invocation_context, proxy_event

TRADER = Caller("ann", scopes=EVERY_SCOPE)
MARKET = "rain"
ORDER = '{"outcome":"YES","side":"buy","quantity":"0.010000"}'

type Json = dict[str, Any]
type Answer = Callable[[Json], Any]


POWERTOOLS, ORDINARY = "Powertools resolver", "FastAPI + Mangum"


class Comparison(NamedTuple):
    """Some ways to answer the same events, ours first."""

    name: str
    answers: dict[str, Answer]
    events: Iterator[Json]


def _event(method: str, path: str, body: str | None = None) -> Iterator[Json]:
    """Requests, each with a key of its own."""
    for number in itertools.count():
        headers = [("Content-Type", "application/json"), ("Idempotency-Key", f"key-{number}")]
        yield proxy_event(method, path, headers=headers, body=body, identity=authorizer("ann"))


def _ours(route: Route) -> Answer:
    api = Api([route], HTTP_TRIGGERS.values(), Entrance(GatewayAuthenticator()))
    envelope = Envelope(api, lambda scope: str(scope["aws.event"]["requestContext"]["requestId"]))
    adapter = Mangum(envelope, lifespan="off", custom_handlers=[RestApi], text_mime_types=TEXT_TYPES)
    asyncio.set_event_loop(event_loop())
    return lambda event: adapter(event, invocation_context())


def _run(answering: Any) -> Any:  # noqa: ANN401 - whatever the use case answers
    return event_loop().run_until_complete(answering)


def _tagged(answer: Any) -> Response[str]:  # noqa: ANN401 - any shape of an answer
    """A read with its entity tag."""
    body: str = answer.model_dump_json(by_alias=True)
    return Response(200, "application/json", body, {**etag(body)})


def _peer(world: World) -> Answer:
    """The same operations as Powertools has them."""
    app = APIGatewayRestResolver(enable_validation=True)

    @app.post("/v1/markets/<slug>/orders")
    def order(
        slug: str,
        body: OrderBody,
        key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[!-~]*$")],
    ) -> OrderResponse:
        caller = caller_of(app.current_event.raw_event)
        assert caller is not None
        idempotency = Idempotency(key, fingerprint(slug, (app.current_event.body or "").encode()))
        request = PlaceOrderRequest(caller, slug, body.terms(), idempotency)
        return OrderResponse.of(_run(world.place_order.execute(request)).order)

    @app.get("/v1/markets/<slug>")
    def market(slug: str) -> Response[str]:
        result = _run(world.get_market.execute(GetMarketRequest(slug, caller_of(app.current_event.raw_event))))
        return _tagged(MarketResponse.of(result.listing, result.trend))

    @app.get("/v1/accounts/<account>")
    def account(account: str) -> Response[str]:
        caller_of(app.current_event.raw_event)  # ours has to know whether anybody may keep the answer
        found = _run(world.get_account.execute(GetAccountRequest(account)))
        return _tagged(PublicAccountResponse.of(found.account))

    @app.get("/v1/markets/<slug>/trades")
    def trades(slug: str, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Response[str]:
        caller = caller_of(app.current_event.raw_event)
        page = _run(world.list_trades.execute(ListTradesRequest(slug, limit, None, caller))).page
        return _tagged(TradesResponse(trades=[TradeResponse.of(trade) for trade in page.items], cursor=page.cursor))

    return lambda event: app.resolve(event, LambdaContext())


def _ordinary(world: World) -> Answer:
    """The same as most people have them."""
    operations = Operations(world.place_order, world.get_market, world.get_account, world.list_trades)
    handler = create_handler(operations)
    return lambda event: handler(event, invocation_context())


def comparisons() -> Iterator[Comparison]:
    """What is compared, each over a world of its own."""
    routes: tuple[tuple[str, str, str | None, Callable[[World], Route]], ...] = (
        ("place_order", f"/v1/markets/{MARKET}/orders", ORDER, lambda world: order_route(world.place_order)),
        ("get_market", f"/v1/markets/{MARKET}", None, lambda world: market_route(world.get_market)),
        ("get_account", "/v1/accounts/ann", None, lambda world: account_route(world.get_account)),
        ("list_trades", f"/v1/markets/{MARKET}/trades", None, lambda world: trades_route(world.list_trades)),
    )
    for name, path, body, create in routes:
        ours, powertools, ordinary = (_run(_world()) for _ in range(3))
        answers = {OURS: _ours(create(ours)), POWERTOOLS: _peer(powertools), ORDINARY: _ordinary(ordinary)}
        yield Comparison(name, answers, _event("GET" if body is None else "POST", path, body))


async def _world() -> World:
    """A market that somebody trades on."""
    world = World(MemoryPersistence.over(MemoryStore()))
    await world.open_account.execute(OpenAccountRequest(TRADER, Idempotency("open", "")))
    draft = CreateMarketRequest(TRADER, MARKET, MarketDefinition("Will it rain?"), Idempotency("draft", ""))
    await world.create_market.execute(draft)
    await world.publish_market.execute(PublishMarketRequest(TRADER, MARKET, Idempotency("publish", "")))
    return world


def figures(rounds: int = 15, calls: int = 100) -> Iterator[Figure]:
    """Each route beside both peers."""
    asyncio.set_event_loop(event_loop())
    for each in comparisons():
        turns = {name: partial(_microseconds, answer, each.events, calls) for name, answer in each.answers.items()}
        take_turns(1, turns)
        done = take_turns(rounds, turns)
        yield from of_turns(Subject("warm", each.name, "processor time of a request", "µs"), done, float)


def _microseconds(answer: Answer, events: Iterator[Json], calls: int) -> float:
    """The processor time of a call; every answer is a success."""
    asked = list(itertools.islice(events, calls))
    before = time.process_time()
    answers = [answer(event) for event in asked]
    taken = time.process_time() - before
    assert all(each["statusCode"] in {200, 201} for each in answers), answers[0]
    return taken / calls * 1_000_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.warm")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--calls", type=int, default=100)
    asked = parser.parse_args()
    for line in rows(figures(asked.rounds, asked.calls)):
        say(line)


if __name__ == "__main__":
    main()
