"""Record what the first release (e613b34) leaves in its tables, and what it answered meanwhile.

tests/integration/dynamodb/test_upgrade.py reads the tables. They are recorded once, from that release's functions::

    git worktree add ../first e613b34
    cd ../first && make .venv/.dev
    .venv/bin/python <here>/tests/e2e/record_first_release.py <here>/tests/e2e/data/first-release.json

It runs over that release's own simulated DynamoDB, with a clock and random numbers of its own: run twice, it writes the
same file. Of the modules that it imports, this release has other ones, or none, so it imports them by name.
"""

import asyncio
import importlib
import json
import random
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

sys.path.insert(0, str(Path.cwd()))

type Json = dict[str, Any]

START = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
FIRST, SOON, LAST, FAR = "2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", "2026-11-24T00:00:00Z", "2099-01-01T00:00:00Z"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_hunch"
"""Set as the stack sets it: who comes by an invitation is a guest then."""
PEOPLE = ("admin", "ann", "bob", "cid", "dan", "eve")
MARKETS = ("rain", "sky", "noon", "fog", "hail", "wind", "snow", "sleet", "mist")
YES, NO = "YES", "NO"


_to_thread = asyncio.to_thread


async def _here[**P, R](function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Instead of in a thread: what functions do at the same time, they do in the same order in each recording."""
    return function(*args, **kwargs)


class Clock:
    """A clock that goes on by a millisecond each time somebody looks at it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        self.ahead += timedelta(milliseconds=1)
        return START + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Recorder:
    """Sends requests to the functions of that release, and keeps what they answer.

    Args:
        functions: of that release, started.
        http: a client of them.
        shapes: that release's events of queues and schedules.
        exchanges: what was asked and answered so far.
    """

    functions: Any
    http: httpx.AsyncClient
    shapes: Any
    exchanges: list[Json] = field(default_factory=list)
    keys: Iterator[int] = field(default_factory=lambda: iter(range(1, 1000)))

    async def say(self, who: str | None, method: str, path: str, body: Json | None = None) -> Any:
        """One request in twenty seconds, whose answer is kept; a POST under a key of its own."""
        self.functions.clock.ahead += timedelta(seconds=20)
        key = f"key-{next(self.keys)}" if method == "POST" else None
        headers = {"Idempotency-Key": key} if key else {}
        if who:
            headers["Authorization"] = f"Bearer {who}{'.admin' * (who == 'admin')}"
        answer = await self.http.request(method, path, json=body, headers=headers)
        assert answer.status_code < 500, answer.text
        kept = {"who": who, "method": method, "path": path, "key": key, "body": body}
        said = answer.json() if answer.content else None
        self.exchanges.append({**kept, "status": answer.status_code, "answer": said})
        return said

    async def market(self, slug: str, *, is_edited: bool = False, **members: Any) -> None:
        """A market of ann's that trades."""
        await self.say("ann", "POST", "/v1/markets", {"slug": slug, "name": f"Will it be {slug}?", **members})
        if is_edited:
            await self.say("ann", "PATCH", f"/v1/markets/{slug}", {"description": "As seen from the bridge."})
        await self.say("ann", "POST", f"/v1/markets/{slug}/publish")

    async def order(self, who: str, slug: str, outcome: str, side: str = "buy", **size: str) -> None:
        """One order, filled or refused."""
        await self.say(who, "POST", f"/v1/markets/{slug}/orders", {"outcome": outcome, "side": side, **size})

    async def settle(self, slug: str, *, dies_after: int | None = None) -> None:
        """Ring for a market that is decided; the function may die after so many transactions."""
        store = self.functions.client.store
        transact, left = store.transact_write_items, iter(range(10**6 if dies_after is None else dies_after))

        def count(**parameters: Any) -> Any:
            if next(left, None) is None:
                raise MemoryError
            return transact(**parameters)

        with patch.object(store, "transact_write_items", count):
            failed = await self._ring("settle_positions", slug)
        assert failed is (dies_after is not None)

    async def fold(self, slug: str) -> None:
        """Ring for the prices of a market."""
        assert not await self._ring("project_price_history", slug)

    async def audit(self) -> None:
        """Walk over all balances."""
        name = "audit_ledger"
        event, context = self.shapes.schedule_event(name), self.shapes.context(name)
        with patch.object(asyncio, "to_thread", _here):
            await _to_thread(self.functions.workers[name], event, context)

    async def _ring(self, worker: str, slug: str) -> bool:
        """Whether the worker has failed."""
        ring = [self.shapes.ring_record(slug)]
        with patch.object(asyncio, "to_thread", _here):
            return bool(await _to_thread(self.shapes.deliver, self.functions.workers[worker], ring))


async def live(recorder: Recorder) -> None:
    """Markets in every state, of which one is being paid out, and everything else that the first release stored."""
    say, order = recorder.say, recorder.order
    for who in PEOPLE:
        await say(who, "POST", "/v1/accounts")
        await say(who, "POST", "/v1/api-keys", {"name": "bot", "scopes": ["read", "trade"]})
    await say("admin", "POST", "/v1/accounts/bob/grants", {"amount": "250", "reason": "Won the quiz."})
    revoked = await say("bob", "POST", "/v1/api-keys", {"name": "lost", "scopes": ["read"]})
    await say("bob", "DELETE", f"/v1/api-keys/{revoked['id']}")
    link = await say("admin", "POST", "/v1/invitations", {"count": 2, "expires_at": FAR})
    await say(None, "POST", "/v1/invitations/accept", {"invitation": link["url"].partition("#")[2], "name": "Flo"})

    await recorder.market("rain", liquidity="20", tags=["weather"])
    await recorder.market("sky", liquidity="50", outcomes=["BLUE", "GREY", "BLACK"], closes_at=FAR)
    await recorder.market("noon", liquidity="10", closes_at=SOON)
    await recorder.market("fog", is_edited=True, liquidity="10", tags=["weather"])
    for slug in ("hail", "wind", "snow", "sleet"):
        await recorder.market(slug, liquidity="10", tags=["weather"])
    await say("ann", "POST", "/v1/markets", {"slug": "mist", "name": "Will there be mist?"})
    await say("ann", "PATCH", "/v1/markets/mist", {"liquidity": "30"})

    await order("bob", "rain", YES, quantity="10")
    await order("cid", "rain", NO, spend="7.5")
    await order("dan", "rain", YES, spend="12.345678")
    await recorder.fold("rain")
    await order("bob", "rain", YES, "sell", quantity="4")
    await order("eve", "rain", NO, quantity="3")
    await order("dan", "rain", YES, spend="100000")
    await order("cid", "sky", "GREY", quantity="5")
    await order("eve", "sky", "BLUE", spend="9")
    await order("bob", "noon", YES, quantity="2")
    await order("dan", "fog", NO, quantity="6")
    await say("ann", "POST", "/v1/markets/fog/close")
    await say("ann", "POST", "/v1/markets/fog/reopen", {"closes_at": None})
    await order("eve", "fog", YES, quantity="1")
    await say("ann", "POST", "/v1/markets/fog/close")
    for number, who in enumerate(("bob", "cid", "dan", "eve"), start=1):
        for slug in ("hail", "wind", "snow", "sleet"):
            await order(who, slug, NO if number % 2 else YES, quantity=str(number))
    await order("bob", "snow", NO, "sell", quantity="1")

    await say("ann", "POST", "/v1/markets/snow/resolve", {"outcome": YES})
    await recorder.settle("snow")
    await recorder.fold("snow")
    await say("admin", "POST", "/v1/markets/sleet/void", {"reason": "No sleet is defined."})
    await recorder.settle("sleet")
    await recorder.audit()
    await say("ann", "POST", "/v1/markets/hail/resolve", {"outcome": NO})
    await recorder.settle("hail", dies_after=2)
    await say("admin", "POST", "/v1/markets/wind/void", {"reason": "The mast is broken."})
    recorder.functions.clock.ahead += timedelta(hours=2)
    await recorder.audit()


async def look(recorder: Recorder) -> None:
    """What people see in the end."""
    say = recorder.say
    await say(None, "GET", "/v1/markets?limit=100")
    await say(None, "GET", "/v1/audit")
    for slug in MARKETS:
        await say("ann", "GET", f"/v1/markets/{slug}")
        if slug != "mist":
            await say(None, "GET", f"/v1/markets/{slug}/trades?limit=100")
            await say(None, "GET", f"/v1/markets/{slug}/holders")
    await say(None, "GET", f"/v1/markets/snow/prices?interval=1m&from={FIRST}&to={LAST}")
    for who in PEOPLE:
        await say(who, "GET", "/v1/portfolio")
        await say(who, "GET", "/v1/portfolio/journal?limit=100")
        await say(who, "GET", "/v1/portfolio/trades?limit=100")
    orders = [each for each in recorder.exchanges if each["path"].endswith("/orders") and each["status"] == 201]
    for each in orders[:3]:
        await say(each["who"], "GET", f"/v1/orders/{each['answer']['id']}")


async def record() -> Json:
    """The items of both tables, and the exchanges."""
    front, shapes, gateway = (
        importlib.import_module(f"tests.integration.{name}")
        for name in ("http.front", "events.shapes", "lambda_.gateway")
    )
    with patch.object(front, "Clock", Clock):
        functions = front.start_functions(oidc_issuer=ISSUER, oidc_audience="page")
    transport = gateway.GatewayTransport(functions.service)
    async with httpx.AsyncClient(transport=transport, base_url=f"https://{gateway.HOST}") as http:
        recorder = Recorder(functions, http, shapes)
        await live(recorder)
        await look(recorder)
    stored: dict[str, list[Json]] = {"core": [], "ledger": []}
    for (table, _, _), item in sorted(functions.client.store.items.items()):
        stored[table].append(item)
    return {**stored, "exchanges": recorder.exchanges}


def write(recorded: Json, path: Path) -> None:
    """One line for each item and exchange, so that a difference can be read."""
    parts = (
        f"{json.dumps(name)}: [\n"
        + ",\n".join(json.dumps(each, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for each in of)
        + "\n]"
        for name, of in recorded.items()
    )
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    chance = random.Random(17)
    with patch.object(secrets, "token_hex", lambda count=32: chance.randbytes(count).hex()):
        write(asyncio.run(record()), Path(sys.argv[1]))
