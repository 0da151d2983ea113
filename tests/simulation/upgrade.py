"""Who uses what a later release adds while it takes over: nothing of it may be lost, and nobody see it missing."""

import asyncio
from datetime import datetime
from random import Random
from typing import Any

from domain.application.ledger.get_me import GetMeRequest
from domain.application.ledger.rename_account import RenameAccountRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import ContentionError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.store import Decision, Outcome, Replace, View
from functions.config.use_cases import UseCases
from tests.simulation.auditor import require
from tests.simulation.cluster import Work
from tests.simulation.people import KEYLESS, People, ask, open_account, trader
from tests.simulation.releases import RUNNING, Release

_RENAMINGS, _STORED_ANEW, _ORDERS = 8, 9, 4
_MEANWHILE = 0.06
"""Longer than an order takes: an account is stored anew somewhere in the midst of some."""


class Renamer:
    """A trader who takes one name after the other, which only the later release can do.

    Args:
        people: the others.
        number: the trader's.
    """

    def __init__(self, people: People, number: int) -> None:
        self._people, self._loop = people, people.cluster.loop
        self._random = Random(f"{people.cluster.plan.seed}/renamer/{number}")
        self._caller = Caller(trader(number))

    async def live(self) -> None:
        """Take one name after the other, and look them up: once one was acknowledged there is one, if not the last."""
        await open_account(self._people, self._caller)
        known = ""
        await self._loop.sleep(self._random.uniform(12.0, 20.0))
        for number in range(_RENAMINGS):
            await self._loop.sleep(self._random.uniform(0.5, 6.0))
            name = f"name-{number}"
            renaming = RenameAccountRequest(self._caller, self._caller.account, name)
            attempt = await self._people.cluster.request(_by_later(ask("rename_account", renaming)))
            known = name if attempt.answer is not None else known
            found = await self._people.look("get_me", GetMeRequest(self._caller))
            if found is not None:
                shown = found.account.name or ""
                holds = bool(shown) or not known
                require("what a later release wrote is not passed over", holds=holds, because=(known, shown))


async def store_anew(people: People) -> None:
    """Let the later release store accounts in its own form as they are, as it does for what an index lacks.

    The counters stay the same. So an order that the earlier one has begun meets nothing but the later form.
    """
    random, loop = Random(f"{people.cluster.plan.seed}/anew"), people.cluster.loop
    orders = list[asyncio.Task[Any]]()
    for number in range(_STORED_ANEW):
        await loop.sleep(random.uniform(0.5, 3.0))
        account = trader(number % people.cluster.plan.traders)
        terms = OrderTerms("YES", Side.BUY, quantity=random.randint(1, MICROS))
        order = PlaceOrderRequest(Caller(account), "market-0", terms, KEYLESS)
        anew = loop.create_task(people.cluster.request(_by_later(_stored_anew(account))))
        for _ in range(_ORDERS):
            await loop.sleep(random.uniform(0.0, _MEANWHILE / _ORDERS))
            orders.append(loop.create_task(people.insist("place_order", order, patience=1)))
        await anew
    for task in orders:
        await task


def _by_later(work: Work) -> Work:
    """Work that the earlier release knows nothing of: whoever asks it asks again."""

    async def by_later(use_cases: UseCases) -> Any:
        if RUNNING.get() is Release.EARLIER:
            raise ContentionError
        return await work(use_cases)

    return by_later


def _stored_anew(account: str) -> Work:
    key = key_for(Account, account)

    def decide(view: View, _: datetime) -> Decision[None]:
        stored = view.get(key)
        return Outcome(None, (Replace(stored, read=stored),) if stored else ())

    async def work(use_cases: UseCases) -> None:
        await use_cases.ports.store.transact([key], decide)

    return work
