import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from itertools import pairwise
from operator import methodcaller
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import DomainError
from domain.model.kernel.money import MICROS
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketDefinition
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.position import Position
from domain.model.trading.trade import Side
from functions.adapter.out.sqlite.database import Database
from functions.config.dynamodb import dynamodb_persistence
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import FakeClock, SeededRandom
from tests.fakes.world import GRANT, World, admin, caller
from tests.simulation.store import TABLES, Store

ACCOUNTS = ("ann", "bob", "cid")
SLUGS = ("rain", "snow")
OPEN, CLOSED, SETTLING, RESOLVED, VOIDED = "ACTIVE", "CLOSED", "SETTLING", "RESOLVED", "VOIDED"
MEMORY = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)  # noqa: S108  (a private folder in it)
"""Where a file need not wait for a disk; None where there is no such place."""
PRECISE = Context(prec=50)


@dataclass
class ReferenceMarket:
    """A market in integers and nothing else."""

    creator: str
    liquidity: int
    quantities: list[int]
    subsidy: int
    pool: int
    status: str = OPEN
    version: int = 0
    held: dict[str, list[int]] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    payouts: list[int] | None = None

    def taken_in(self) -> Decimal:
        """C(q) straight from its definition, in micro-credits."""
        with localcontext(PRECISE):
            most = max(self.quantities)
            total = sum((Decimal(quantity - most) / self.liquidity).exp() for quantity in self.quantities)
            return most + self.liquidity * Decimal(total).ln()

    def move(self, outcome: int, change: int) -> int:
        """Move the shares; what that costs, rounded toward the pool."""
        before = self.taken_in()
        self.quantities[outcome] += change
        with localcontext(PRECISE):
            cost = self.taken_in() - before
            return int(cost.to_integral_value(ROUND_CEILING))


class BothStores(RuleBasedStateMachine):
    """The same life over SQLite, over DynamoDB and in a model of integers: all three always say the same."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory(prefix="hunch-machine-", dir=MEMORY)
        self._runner = asyncio.Runner()
        self._database = Database.open(Path(self._folder.name) / "hunch.db")
        client = cast("Any", Store())
        dynamodb = dynamodb_persistence(client, TABLES, FakeClock(), SeededRandom())
        self._worlds = [World(sqlite_persistence(self._database)), World(dynamodb)]
        self._balances: dict[str, int] = {}
        self._markets: dict[str, ReferenceMarket] = {}
        self._filled: list[tuple[PlaceOrderRequest, Order]] = []

    def teardown(self) -> None:
        self._database.close()
        self._runner.close()
        self._folder.cleanup()

    @initialize()
    def open_accounts(self) -> None:
        for account in (*ACCOUNTS, "admin"):
            self._both(methodcaller("open", account))
            self._balances[account] = GRANT.amount

    @precondition(lambda self: len(self._markets) < len(SLUGS))
    @rule(creator=st.sampled_from(ACCOUNTS), outcomes=st.integers(2, 4), liquidity=st.integers(1, 200 * MICROS))
    def publish(self, creator: str, outcomes: int, liquidity: int) -> None:
        """A market is published for its worst loss, or its creator cannot pay."""
        slug, liquidity = SLUGS[len(self._markets)], max(MICROS, liquidity)
        market = ReferenceMarket(creator, liquidity, [0] * outcomes, 0, 0)
        market.pool = market.subsidy = int(market.taken_in().to_integral_value(ROUND_CEILING))
        definition = MarketDefinition("Will it?", outcomes=tuple("ABCD"[:outcomes]), liquidity=liquidity)
        if self._balances[creator] < market.subsidy:
            return
        self._both(lambda world: world.publish(slug, creator, definition))
        self._balances[creator] -= market.subsidy
        self._markets[slug] = market

    @precondition(lambda self: self._markets)
    @rule(
        account=st.sampled_from(ACCOUNTS),
        which=st.integers(0, 1),
        outcome=st.integers(0, 3),
        quantity=st.integers(1, 400 * MICROS) | st.integers(1, 9),
    )
    def buy(self, account: str, which: int, outcome: int, quantity: int) -> None:
        """A purchase costs ⌈ΔC⌉, or there is not so much, or the market is not open."""
        slug, market = self._pick(which)
        outcome %= len(market.quantities)
        before = list(market.quantities)
        charge = min(quantity, max(1, market.move(outcome, quantity)))
        problem = self._problem(market, is_short=self._balances[account] < charge, code="insufficient-funds")
        self._trade(account, slug, OrderTerms("ABCD"[outcome], Side.BUY, quantity=quantity), problem, charge)
        if problem:
            market.quantities = before
        else:
            self._take(market, account, outcome, quantity, charge)

    @precondition(lambda self: any(market.held for market in self._markets.values()))
    @rule(data=st.data())
    def sell(self, data: st.DataObject) -> None:
        """A sale brings ⌊-ΔC⌋, or there are not so many shares, or the market is not open."""
        slugs = [slug for slug, market in self._markets.items() if market.held]
        slug = data.draw(st.sampled_from(slugs))
        market = self._markets[slug]
        account = data.draw(st.sampled_from(sorted(market.held)))
        outcome = data.draw(st.integers(0, len(market.quantities) - 1))
        held = market.held[account][outcome]
        quantity = data.draw(st.sampled_from([held, held + 1, held // 2]) | st.integers(1, held + 1)) or 1
        is_short = quantity > held
        before = list(market.quantities)
        proceeds = 0 if is_short else max(0, -market.move(outcome, -quantity))
        problem = self._problem(market, is_short=is_short, code="insufficient-shares")
        self._trade(account, slug, OrderTerms("ABCD"[outcome], Side.SELL, quantity=quantity), problem, proceeds)
        if problem:
            market.quantities = before
        else:
            self._take(market, account, outcome, -quantity, -proceeds)

    @precondition(lambda self: self._filled)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """An order that is sent again is answered again, and another one under its key is refused."""
        request, order = data.draw(st.sampled_from(self._filled))
        for again in self._both(lambda world: world.place_order.execute(request)):
            assert (again.order, again.replayed) == (order, True)
        other = PlaceOrderRequest(
            request.caller, request.slug, request.terms, Idempotency(request.idempotency.key, "another")
        )
        assert self._both(lambda world: world.place_order.execute(other)) == ["idempotency-key-reused"] * 2

    @precondition(lambda self: self._markets)
    @rule(which=st.integers(0, 1), opens=st.booleans())
    def close_or_reopen(self, which: int, opens: bool) -> None:
        """What is open closes, what is closed opens, and nothing else does."""
        slug, market = self._pick(which)
        if opens:
            problem = None if market.status == CLOSED else self._late(market, "already-published")
            answers = self._both(lambda world: world.reopen(slug, caller(market.creator)))
        else:
            problem = None if market.status == OPEN else self._late(market, "market-not-open")
            answers = self._both(lambda world: world.close(slug, caller(market.creator)))
        if problem:
            assert answers == [problem] * 2
        else:
            market.status = OPEN if opens else CLOSED

    @precondition(lambda self: self._markets)
    @rule(which=st.integers(0, 1), cuts=st.lists(st.integers(0, MICROS), min_size=3, max_size=3))
    def resolve(self, which: int, cuts: list[int]) -> None:
        """Whatever is not decided yet is decided by a vector that sums to one."""
        slug, market = self._pick(which)
        edges = [0, *sorted(cuts[: len(market.quantities) - 1]), MICROS]
        payouts = [high - low for low, high in pairwise(edges)]
        decision = dict(zip("ABCD", payouts, strict=False))
        answers = self._both(lambda world: world.resolve(slug, admin(), decision))
        self._decide(market, answers, payouts)

    @precondition(lambda self: self._markets)
    @rule(which=st.integers(0, 1))
    def void(self, which: int) -> None:
        """Whatever is not decided yet may be called off."""
        slug, market = self._pick(which)
        self._decide(market, self._both(lambda world: world.void(slug, admin())), None)

    @precondition(lambda self: any(market.status == SETTLING for market in self._markets.values()))
    @rule()
    def settle(self) -> None:
        """Everybody is paid what the formulas say, and the creator what is left."""
        for slug, market in self._markets.items():
            if market.status == SETTLING:
                answers = self._both(methodcaller("settle", slug))
                assert [(answer.settled, answer.done) for answer in answers] == [(len(market.held), True)] * 2
                self._pay(market)

    @invariant()
    def all_three_agree(self) -> None:
        keys: list[Key[Any]] = [key_for(Account, account) for account in self._balances]
        keys += [key_for(kind, slug) for slug in self._markets for kind in (Market, Book)]
        keys += [key_for(Position, account, slug) for slug in self._markets for account in ACCOUNTS]
        if not keys:
            return
        sqlite, dynamodb = (self._runner.run(world.ports.records.read(*keys)) for world in self._worlds)
        assert sqlite.found == dynamodb.found
        accounts = [found for account in self._balances if (found := sqlite.get(key_for(Account, account)))]
        balances = {account.id: account.balance.amount for account in accounts}
        assert balances == self._balances
        for slug, market in self._markets.items():
            book = sqlite.get(key_for(Book, slug))
            assert book is not None
            seen = (book.status.value, book.version, book.quantities, book.pool.amount)
            assert seen == (market.status, market.version, tuple(market.quantities), market.pool)
            for account in ACCOUNTS:
                position = sqlite.get(key_for(Position, account, slug))
                assert (position and list(position.quantities)) == market.held.get(account)
        pools = sum(market.pool for market in self._markets.values())
        assert sum(balances.values()) + pools == GRANT.amount * len(balances)

    def _both(self, live: Callable[[World], Any]) -> list[Any]:
        """What came of it in both worlds: the results, or the codes of the refusals."""
        return [self._runner.run(_outcome(live(world))) for world in self._worlds]

    def _pick(self, which: int) -> tuple[str, ReferenceMarket]:
        slugs = list(self._markets)
        slug = slugs[which % len(slugs)]
        return slug, self._markets[slug]

    def _problem(self, market: ReferenceMarket, *, is_short: bool, code: str) -> str | None:
        return "market-not-open" if market.status != OPEN else code if is_short else None

    def _late(self, market: ReferenceMarket, code: str) -> str:
        return code if market.status in {OPEN, CLOSED} else "already-resolved"

    def _trade(self, account: str, slug: str, terms: OrderTerms, problem: str | None, amount: int) -> None:
        key = f"order-{len(self._filled)}"
        request = PlaceOrderRequest(caller(account), slug, terms, Idempotency(key, key))
        answers = self._both(lambda world: world.place_order.execute(request))
        if problem:
            assert answers == [problem] * 2
            return
        first, second = (answer.order for answer in answers)
        assert first == second
        assert first.amount.amount == amount
        self._filled.append((request, first))

    def _take(self, market: ReferenceMarket, account: str, outcome: int, quantity: int, paid: int) -> None:
        held = market.held.setdefault(account, [0] * len(market.quantities))
        held[outcome] += quantity
        market.spent[account] = market.spent.get(account, 0) + paid
        market.pool += paid
        market.version += 1
        self._balances[account] -= paid

    def _decide(self, market: ReferenceMarket, answers: list[Any], payouts: list[int] | None) -> None:
        if market.status in {OPEN, CLOSED}:
            assert [answer.market.status.value for answer in answers] == [SETTLING] * 2
            market.status, market.payouts = SETTLING, payouts
        else:
            assert answers == ["already-resolved"] * 2

    def _pay(self, market: ReferenceMarket) -> None:
        stakes = {account: max(0, spent) for account, spent in market.spent.items()}
        collected, staked = max(0, market.pool - market.subsidy), sum(stakes.values())
        for account, held in market.held.items():
            if market.payouts is not None:
                owed = sum(rate * shares for rate, shares in zip(market.payouts, held, strict=True)) // MICROS
            else:
                owed = stakes[account] * min(collected, staked) // staked if staked else 0
            self._balances[account] += owed
            market.pool -= owed
        self._balances[market.creator] += market.pool
        market.pool, market.held = 0, {}
        market.status = VOIDED if market.payouts is None else RESOLVED


async def _outcome(living: Any) -> Any:
    try:
        return await living
    except DomainError as refusal:
        return refusal.code


TestBothStores = BothStores.TestCase
TestBothStores.settings = settings(max_examples=10, stateful_step_count=30, deadline=None)
