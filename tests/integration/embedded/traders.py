"""People who trade over HTTP while somebody pulls the plug."""

import asyncio
import itertools
import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

MARKETS = ("rain", "snow")
_ACCOUNTS = ("ann", "bob", "cyd", "dan", "eve", "fay")
_TIMEOUT_SECONDS = 30.0


def client(url: str) -> httpx.AsyncClient:
    """A client of one server."""
    return httpx.AsyncClient(base_url=url, timeout=_TIMEOUT_SECONDS)


@dataclass(frozen=True)
class Sent:
    """An order that was sent, and the answer's exact bytes; None while nobody knows what became of it."""

    account: str
    market: str
    body: dict[str, str]
    answer: bytes | None = None


@dataclass
class Traders:
    """Accounts with their tokens, and all that they have ever sent, by key.

    Args:
        random: what they choose by.
    """

    random: random.Random
    tokens: dict[str, str] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def acknowledged(self) -> int:
        """How many orders were answered."""
        return sum(order.answer is not None for order in self.sent.values())

    async def settle_in(self, http: httpx.AsyncClient) -> None:
        """Open the accounts and publish the markets."""
        for account in _ACCOUNTS:
            signed_in = await http.post("/v1/dev/sign-in", json={"account": account})
            self.tokens[account] = signed_in.json()["token"]
            assert (await http.post("/v1/accounts", headers=self.headers(account))).status_code == 201
        for slug in MARKETS:
            draft = {"slug": slug, "name": f"Will there be {slug}?"}
            assert (await http.post("/v1/markets", json=draft, headers=self.headers("ann"))).status_code == 201
            published = await http.post(f"/v1/markets/{slug}/publish", headers=self.headers("ann"))
            assert published.status_code == 200

    def headers(self, account: str, key: str | None = None) -> dict[str, str]:
        """A credential, and an idempotency key."""
        credential = {"Authorization": f"Bearer {self.tokens[account]}"}
        return credential if key is None else {**credential, "Idempotency-Key": key}

    async def place(self, http: httpx.AsyncClient, key: str) -> httpx.Response:
        """Send an order, for the first time or again."""
        order = self.sent[key]
        path = f"/v1/markets/{order.market}/orders"
        return await http.post(path, json=order.body, headers=self.headers(order.account, key))

    async def trade(self, http: httpx.AsyncClient, each: Callable[[], None]) -> None:
        """Place one order after the other until the server is gone; `each` is called after every answer."""
        while True:
            key = f"order-{next(self._numbers)}"
            self.sent[key] = self._choose()
            try:
                response = await self.place(http, key)
            except httpx.TransportError:
                return
            if response.status_code == 201:
                assert "Idempotency-Replayed" not in response.headers
                self._note(key, response)
            else:
                assert response.status_code in {409, 422}, response.text
                del self.sent[key]
            each()

    async def repeat(self, http: httpx.AsyncClient, latest: int | None = None) -> None:
        """Send every order again: an answered one is found, with the same body; the others are done at last.

        Args:
            http: the client.
            latest: only so many that were sent last; None for all.
        """
        keys = iter(list(self.sent)[-latest if latest else 0 :])

        async def repeat() -> None:
            for key in keys:
                await self._repeat(http, key)

        async with asyncio.TaskGroup() as tasks:
            for _ in range(8):
                tasks.create_task(repeat())

    def trades(self) -> dict[str, list[Any]]:
        """Every trade that was answered, by market, as the API shows it."""
        found: dict[str, list[Any]] = defaultdict(list)
        for order in self.sent.values():
            if order.answer is not None:
                found[order.market] += httpx.Response(201, content=order.answer).json()["trades"]
        return found

    async def _repeat(self, http: httpx.AsyncClient, key: str) -> None:
        before = self.sent[key].answer
        response = await self.place(http, key)
        if before is not None:
            assert response.status_code == 201, (key, response.text)
            assert response.headers["Idempotency-Replayed"] == "true"
            assert response.content == before
        elif response.status_code == 201:
            self._note(key, response)
        else:
            assert response.status_code in {409, 422}, response.text
            del self.sent[key]

    def _note(self, key: str, response: httpx.Response) -> None:
        order = self.sent[key]
        self.sent[key] = Sent(order.account, order.market, order.body, response.content)

    def _choose(self) -> Sent:
        account, market = self.random.choice(_ACCOUNTS), self.random.choice(MARKETS)
        outcome, amount = self.random.choice(("YES", "NO")), f"{self.random.uniform(0.1, 3):.6f}"
        order = {"outcome": outcome, "side": "buy", "spend": amount}
        if self.random.random() < 0.3:
            order = {"outcome": outcome, "side": "sell", "quantity": amount}
        return Sent(account, market, order)
