"""A thin client of the HTTP API: callers who send requests, and what most tests need before they start."""

import asyncio
import itertools
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx

from tests.integration.http.contract import Json, answer

DEADLINE_SECONDS = 5.0
POLL_SECONDS = 0.005


async def eventually[T](read: Callable[[], Awaitable[T]], wanted: Callable[[T], bool]) -> T:
    """What `read` gives once it is `wanted`; a failure when that takes longer than the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not wanted(value := await read()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still not there: {value}")
        await asyncio.sleep(POLL_SECONDS)
    return value


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return uuid.uuid4().hex


@dataclass
class Clock:
    """The system's time, which a test may put forward; sleeping is really sleeping."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead.total_seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def advance(self, by: timedelta) -> None:
        """Let that much time pass at once."""
        self.ahead += by


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends requests: an account with its credential, or nobody in particular."""

    http: httpx.AsyncClient
    account: str = ""
    credential: Mapping[str, str] = field(default_factory=dict)

    async def send(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """A request with this credential and nothing that was not asked for: `body` as JSON, or `content` as it is."""
        return await self.http.request(
            method, path, json=body, content=content, headers={**self.credential, **(headers or {})}
        )

    async def get(self, path: str) -> httpx.Response:
        """A GET."""
        return await self.send("GET", path)

    async def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """A POST with an idempotency key, a new one unless `key` is given; without `body` it has no content."""
        return await self.send("POST", path, body=body, headers={"Idempotency-Key": key or new_key()})

    async def post_content(self, path: str, content: bytes, content_type: str = "application/json") -> httpx.Response:
        """A POST of exactly these bytes, with an idempotency key."""
        headers = {"Idempotency-Key": new_key(), "Content-Type": content_type}
        return await self.send("POST", path, content=content, headers=headers)

    async def quote(self, slug: str, outcome: str = "YES", side: str = "buy", **members: Any) -> httpx.Response:
        """Asks what an order would do."""
        body = {"outcome": outcome, "side": side, **members}
        return await self.send("POST", f"/v1/markets/{slug}/quotes", body=body)

    async def order(
        self, slug: str, outcome: str = "YES", side: str = "buy", *, key: str | None = None, **members: Any
    ) -> httpx.Response:
        """Places an order."""
        return await self.post(f"/v1/markets/{slug}/orders", {"outcome": outcome, "side": side, **members}, key=key)

    async def publish(self, slug: str) -> httpx.Response:
        """Publishes a draft."""
        return await self.post(f"/v1/markets/{slug}/publish")

    async def resolve(self, slug: str, **members: Any) -> httpx.Response:
        """Resolves a market."""
        return await self.post(f"/v1/markets/{slug}/resolve", members)

    async def edit(self, slug: str, body: Any) -> httpx.Response:
        """Edits a draft."""
        return await self.send("PATCH", f"/v1/markets/{slug}", body=body)

    async def close(self, slug: str, *, key: str | None = None) -> httpx.Response:
        """Closes a market by hand."""
        return await self.post(f"/v1/markets/{slug}/close", key=key)

    async def reopen(self, slug: str, closes_at: str | None = None, *, key: str | None = None) -> httpx.Response:
        """Opens a closed market again."""
        return await self.post(f"/v1/markets/{slug}/reopen", {"closes_at": closes_at}, key=key)

    async def void(self, slug: str, reason: str = "No umpire came.", *, key: str | None = None) -> httpx.Response:
        """Calls a market off."""
        return await self.post(f"/v1/markets/{slug}/void", {"reason": reason}, key=key)

    async def grant(
        self, account: str, amount: Any = "250", reason: Any = "Won the quiz.", *, key: str | None = None
    ) -> httpx.Response:
        """Grants an account credits."""
        return await self.post(f"/v1/accounts/{account}/grants", {"amount": amount, "reason": reason}, key=key)

    async def page(self, path: str, **parameters: Any) -> Json:
        """One page of a list, whose items are called as the path's last segment."""
        content: Json = answer(await self.http.get(path, params=parameters, headers=self.credential), 200)
        assert content.keys() == {path.rpartition("/")[2], "cursor"}
        assert content["cursor"] is None or isinstance(content["cursor"], str)
        return content

    async def items(self, path: str, limit: int = 100) -> list[Json]:
        """The items of all pages of a list; one that never ends fails."""
        found: list[Json] = []
        parameters: dict[str, Any] = {"limit": limit}
        for _ in range(100):
            content = await self.page(path, **parameters)
            page = content[path.rpartition("/")[2]]
            assert len(page) <= limit
            found += page
            parameters["cursor"] = content["cursor"]
            if content["cursor"] is None:
                return found
        raise AssertionError("the pages do not end")

    async def market(self, slug: str) -> Json:
        """The market as this caller sees it."""
        market: Json = answer(await self.get(f"/v1/markets/{slug}"), 200)
        return market

    async def portfolio(self) -> Json:
        """What this caller has."""
        portfolio: Json = answer(await self.get("/v1/portfolio"), 200)
        return portfolio

    async def balance(self) -> Decimal:
        """This caller's credits."""
        return Decimal((await self.portfolio())["balance"])

    async def holds(self, slug: str) -> dict[str, Decimal]:
        """This caller's shares of a market, by outcome."""
        positions = (await self.portfolio())["positions"]
        return {entry["outcome"]: Decimal(entry["quantity"]) for entry in positions if entry["market"] == slug}

    async def settled(self, slug: str) -> Json:
        """The market once everything is paid."""
        return await eventually(lambda: self.market(slug), lambda market: market["status"] in {"RESOLVED", "VOIDED"})


class Api:
    """One running application and the people who use it; every name it makes up is new."""

    def __init__(self, http: httpx.AsyncClient, clock: Clock) -> None:
        self.http = http
        self.clock = clock
        self.anyone = Caller(http)
        self._numbers = itertools.count(1)

    def name(self, prefix: str) -> str:
        """A slug that nothing else has in this application."""
        return f"{prefix}-{next(self._numbers)}"

    async def sign_in(self, *roles: str, account: str | None = None) -> Caller:
        """A caller with a credential, whose account need not be open."""
        account = account or self.name("account")
        body = {"account": account, "roles": list(roles)} if roles else {"account": account}
        token = answer(await self.http.post("/v1/dev/sign-in", json=body), 200)["token"]
        return Caller(self.http, account, {"Authorization": f"Bearer {token}"})

    async def open_account(self, *roles: str, account: str | None = None) -> Caller:
        """A caller with an account just opened."""
        caller = await self.sign_in(*roles, account=account)
        answer(await caller.post("/v1/accounts"), 201)
        return caller

    async def draft(self, creator: Caller, **members: Any) -> str:
        """The slug of a new draft of `creator`."""
        slug = members.setdefault("slug", self.name("market"))
        answer(await creator.post("/v1/markets", {"name": "Will it rain?", **members}), 201)
        return str(slug)

    async def published_market(self, creator: Caller | None = None, **members: Any) -> str:
        """The slug of a new market that trades, of a creator of its own unless one is given."""
        creator = creator or await self.open_account()
        slug = await self.draft(creator, **members)
        answer(await creator.publish(slug), 200)
        return slug
