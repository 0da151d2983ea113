"""What agents get, through the client of the official SDK."""

import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client as Agent
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp.types import TextContent, TextResourceContents

from functions.embedded.agents import surface
from functions.embedded.agents.server import create_server
from hunch_client import Hunch
from hunch_client.programs import Scope
from tests.integration.clients.conftest import Client
from tests.integration.embedded.commands.conftest import Hunch as Command
from tests.integration.embedded.commands.conftest import hunch
from tests.integration.embedded.commands.instance import MARKET, OUTCOMES, Running
from tests.integration.embedded.server import HUNCH

__all__ = ["hunch"]

READING = {
    "search_markets",
    "get_market",
    "price_history",
    "quote",
    "get_order",
    "portfolio",
    "my_trades",
    "leaderboard",
}
WRITING = {"place_order", "comment", "draft_market", "publish_market"}
SCHEMA_BYTES = 10_000

type Open = Callable[[str | None], AbstractAsyncContextManager[Agent]]


def over_stdio(url: str, mode: str, *options: str) -> Open:
    """Agents that start the installed command."""

    def connect(key: str | None) -> AbstractAsyncContextManager[Agent]:
        environment = {"HUNCH_TOKEN": key} if key else {}
        command = StdioServerParameters(command=HUNCH, args=["mcp", "--url", url, *options], env=environment)
        return Agent(command, mode=mode)

    return connect


def over_http(url: str, mode: str = "auto") -> Open:
    """Agents that ask the server itself."""

    @asynccontextmanager
    async def connect(key: str | None) -> AsyncIterator[Agent]:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Agent(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as agent,
        ):
            yield agent

    return connect


async def say(agent: Agent, tool: str, **arguments: Any) -> str:
    """What a tool that works says."""
    answer = await agent.call_tool(tool, arguments)
    (content,) = answer.content
    assert isinstance(content, TextContent)
    assert not answer.is_error, content.text
    return content.text


async def refuse(agent: Agent, tool: str, **arguments: Any) -> str:
    """What a tool that refuses says."""
    answer = await agent.call_tool(tool, arguments)
    (content,) = answer.content
    assert isinstance(content, TextContent)
    assert answer.is_error, content.text
    return content.text


def key_of(owner: Hunch, *scopes: Scope) -> str:
    """A bot key of somebody."""
    return owner.create_api_key("agent", scopes or ("read", "trade")).key


@pytest.fixture(params=["stdio", "http"])
def transport(request: pytest.FixtureRequest) -> Callable[..., Open]:
    """Both ways to the tools."""
    ways: dict[str, Callable[..., Open]] = {"stdio": over_stdio, "http": over_http}
    return ways[request.param]


@pytest.mark.parametrize(("mode", "protocol"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
async def test_an_agent_finds_previews_trades_and_repeats(
    instance: Running, client: Client, transport: Callable[..., Open], mode: str, protocol: str
) -> None:
    """Over both transports and both protocols: an order does what its quote said, and its key makes it happen once."""
    name = f"agent-{transport.__name__.replace('_', '-')}-{mode}"
    creator, owner = client(f"{name}-creator"), client(name)
    creator.create_market(name, f"Does {name} see it?", rules="As it is.", tags=[name])
    creator.publish_market(name)
    async with transport(instance.url, mode)(key_of(owner)) as agent:
        assert agent.session.protocol_version == protocol
        found = json.loads(await say(agent, "search_markets", tag=name))
        assert [market["slug"] for market in found] == [name]
        quote = json.loads(await say(agent, "quote", slug=name, outcome="YES", spend=20))
        order = {"slug": name, "outcome": "YES", "spend": "20", "version": quote["version"], "idempotency_key": "k-1"}
        placed = json.loads(await say(agent, "place_order", **order))
        assert (placed["amount"], placed["filled_quantity"]) == (quote["amount"], quote["quantity"])
        assert json.loads(await say(agent, "place_order", **order)) == placed
        assert json.loads(await say(agent, "get_order", order_id=placed["id"])) == placed
        assert len(json.loads(await say(agent, "my_trades"))) == 1
        assert json.loads(await say(agent, "price_history", slug=name, interval="1m"))[0]["volume"] == quote["amount"]
        (position,) = json.loads(await say(agent, "portfolio"))["positions"]
        assert position["quantity"] == quote["quantity"]
        (content,) = (await agent.read_resource(f"hunch://markets/{name}/rules")).contents
        assert isinstance(content, TextResourceContents)
        assert content.text == "As it is."
        (message,) = (await agent.get_prompt("forecast", {"slug": name})).messages
        assert isinstance(message.content, TextContent)
        assert f"market {name}" in message.content.text
    assert owner.portfolio().balance == Decimal(980)


async def test_the_tools_say_what_they_do_in_few_words(instance: Running) -> None:
    """Schemas that fill no context, with annotations by which a program knows what needs a person's consent."""
    async with over_http(instance.url)(None) as agent:
        tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
    assert tools.keys() == READING | WRITING
    described = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools.values()]
    assert len(json.dumps(described)) < SCHEMA_BYTES
    hints = {name: tool.annotations for name, tool in tools.items() if tool.annotations}
    assert {name for name, hint in hints.items() if hint.read_only_hint} == READING
    assert {name for name, hint in hints.items() if hint.destructive_hint} == {"place_order", "publish_market"}
    assert {name for name, hint in hints.items() if hint.idempotent_hint} == WRITING - {"comment"}
    assert all(tool.description for tool in tools.values())
    assert "idempotency_key" in tools["place_order"].input_schema["required"]


async def test_nobody_in_particular_reads_what_is_public(instance: Running) -> None:
    """Without a key there are markets, and a refusal with its code where an account is needed."""
    async with over_http(instance.url)(None) as agent:
        assert json.loads(await say(agent, "get_market", slug=MARKET))["slug"] == MARKET
        assert "unauthenticated: " in await refuse(agent, "portfolio")
        assert "market-not-found: " in await refuse(agent, "get_market", slug="none")
        with pytest.raises(MCPError, match="market-not-found"):
            await agent.read_resource("hunch://markets/none")


async def test_a_key_is_held_to_its_scopes(instance: Running, client: Client) -> None:
    """What /v1 refuses the tools refuse, and nothing is traded."""
    owner = client("agent-reader")
    async with over_http(instance.url)(key_of(owner, "read")) as agent:
        said = await refuse(agent, "place_order", slug=MARKET, outcome=OUTCOMES[0], spend="1", idempotency_key="k")
    assert "forbidden: " in said
    assert owner.portfolio().balance == 1000


async def test_read_only_means_no_tool_that_writes(instance: Running, client: Client) -> None:
    """The tools are not there, and calling one by its name does not help."""
    key = key_of(client("agent-read-only"))
    async with over_stdio(instance.url, "auto", "--read-only")(key) as agent:
        assert {tool.name for tool in (await agent.list_tools()).tools} == READING
        order = {"slug": MARKET, "outcome": OUTCOMES[0], "spend": "1", "idempotency_key": "k"}
        assert await refuse(agent, "place_order", **order) == "Unknown tool: place_order"


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"spend": "10"}, None),
        ({"spend": "10.000001"}, "spending-limit"),
        ({"quantity": 20, "limit_price": "0.5"}, "price-limit-exceeded"),
        ({"quantity": 20, "limit_price": "0.51"}, "spending-limit"),
        ({"quantity": "10"}, None),
        ({"quantity": "10.1"}, "spending-limit"),
        ({"spend": "NaN"}, "validation-failed"),
        ({"spend": "1e400", "side": "buy"}, "spending-limit"),
        ({"spend": "much"}, "validation-failed"),
        ({"spend": "-1"}, "validation-failed"),
        ({}, "validation-failed"),
        ({"spend": "1", "limit": "0.4"}, "Extra inputs are not permitted"),
        ({"spend": "1", "idempotency_key": ""}, "validation-failed"),
        ({"spend": "1", "idempotency_key": "ü"}, "validation-failed"),
    ],
)
async def test_an_order_keeps_to_the_spending_limit(
    client: Client, terms: dict[str, Any], says: str | None, request: pytest.FixtureRequest
) -> None:
    """What might cost more than the limit is not sent, by its terms alone; a refused order changes nothing."""
    slug = f"limit-{request.node.callspec.indices['terms']}"
    creator, trader = client(f"{slug}-creator"), client(f"{slug}-trader")
    creator.create_market(slug, "Will it?")
    creator.publish_market(slug)
    order = {"slug": slug, "outcome": "YES", "idempotency_key": "k", **terms}
    async with Agent(create_server(lambda _: trader, max_spend=Decimal(10))) as agent:
        if says is None:
            await say(agent, "place_order", **order)
        else:
            assert says in await refuse(agent, "place_order", **order)
    spent = 1000 - trader.portfolio().balance
    assert 0 < spent <= 10 if says is None else spent == 0


async def test_a_subsidy_keeps_to_the_spending_limit(client: Client) -> None:
    """A market is drafted freely, and published within the limit."""
    creator = client("limited-creator")
    async with Agent(create_server(lambda _: creator, max_spend=Decimal(10))) as agent:
        for slug, liquidity in (("limited-dear", 100), ("limited-cheap", "14.4")):
            terms = {"slug": slug, "name": "Will it?", "rules": "As seen.", "liquidity": liquidity}
            assert json.loads(await say(agent, "draft_market", **terms))["status"] == "DRAFT"
        assert "spending-limit: " in await refuse(agent, "publish_market", slug="limited-dear")
        assert json.loads(await say(agent, "publish_market", slug="limited-cheap"))["status"] == "ACTIVE"
    assert creator.market("limited-dear").status == "DRAFT"


async def test_what_nobody_expects_is_told_to_nobody() -> None:
    """A bug is no message to a model, which might repeat what is in it."""

    def fail(_: httpx.Request) -> httpx.Response:
        raise RuntimeError("secret of the house")

    with Hunch("http://hunch.test", transport=httpx.MockTransport(fail)) as broken:
        async with Agent(create_server(lambda _: broken)) as agent:
            assert await refuse(agent, "portfolio") == "Error executing tool portfolio"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Origin": "https://elsewhere.example"}, b"{}", 404),
        ({"Host": "elsewhere.example"}, b"{}", 400),
        ({}, b" " * 70_000, 413),
        ({}, b"nonsense", 400),
    ],
)
def test_what_is_no_agent_is_refused(instance: Running, headers: dict[str, str], body: bytes, status: int) -> None:
    """A page of another origin, a name that is not the server's, too much, and nonsense: never a 500."""
    agents = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert instance.http.post("/mcp", content=body, headers=agents | headers).status_code == status


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT"])
def test_agents_send_post(instance: Running, method: str) -> None:
    """No stream is opened on which nothing would ever come."""
    answer = instance.http.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_without_the_extra_the_command_says_how_to_get_it(hunch: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    for name in ("mcp", "functions.embedded.agents.server", "functions.embedded.agents.tools"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    ended = hunch("mcp")
    assert (ended.exit_code, ended.stdout) == (1, "")
    assert ended.stderr == "Error: Agents need an extra: pip install 'hunch[mcp]', or `make mcp` in the repository.\n"


def test_without_the_extra_there_is_no_surface(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server starts as it always did."""
    assert surface.has_extra()
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not surface.has_extra()


@pytest.mark.parametrize(
    ("options", "token"),
    [(("--url", "ftp://x"), ""), (("--max-spend", "nan"), ""), (("--max-spend", "-1"), ""), ((), "two words")],
)
def test_what_makes_no_sense_is_refused(hunch: Command, options: tuple[str, ...], token: str) -> None:
    """In one line, before anything is served."""
    ended = hunch("mcp", *options, HUNCH_TOKEN=token)
    assert (ended.exit_code, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
