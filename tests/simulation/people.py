"""The clients: traders, and whoever runs the markets; each remembers what it was told, and holds the product to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count, islice
from random import Random
from typing import Any

from domain.application.history.list_prices import ListPricesRequest
from domain.application.ledger.get_audit import GetAuditRequest
from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.ledger.grant_credits import GrantCreditsRequest
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.get_order import GetOrderRequest
from domain.application.trading.list_holders import ListHoldersRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.quote import QuoteRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.application.trading.void_market import VoidMarketRequest
from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest
from domain.model.history.candle import Interval
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.command import Idempotency, command_id
from domain.model.kernel.errors import ContentionError, DomainError, IdempotencyKeyReusedError
from domain.model.kernel.money import MICROS, Money
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import Order, OrderTerms, TimeInForce
from domain.model.trading.position import holder_shard
from domain.model.trading.trade import Side
from functions.config.use_cases import UseCases
from tests.simulation.auditor import Auditor, ViolationError, require
from tests.simulation.cluster import APPEAL, Attempt, Cluster, Work

ADMIN = Caller("admin", frozenset({Role.ADMIN}))
_PATIENCE = 6
_WORTH_WAITING = 15.0
KEYLESS = Idempotency("", "")
"""In the place of the key that insisting gives a request."""
NEIGHBOURS = tuple(islice((name for number in count() if holder_shard(name := f"holder-{number}") == 3), 6))
"""Holders of one shard, in the lanes of which are more than a page."""
_OUTCOMES = ("YES", "NO", "MAYBE", "NEVER")

type _Action = Callable[[str], Awaitable[None]]
"""Something that a trader does in a market."""


@dataclass
class Claim:
    """A write that a client has asked for under a key, and what it knows of it.

    Args:
        account: who asked.
        idempotency: the key.
        request: what was asked.
        work: asks for it once more.
        answer: what was answered, if it was.
        refusal: why it was refused, if it was.
        in_doubt: whether some request may have had, or may still have, an effect that nobody told of.
    """

    account: str
    idempotency: Idempotency
    request: Any
    work: Work
    answer: Any = None
    refusal: DomainError | None = None
    in_doubt: bool = False

    @property
    def id(self) -> str:
        """The command's id."""
        return command_id(self.account, self.idempotency.key)

    def learn(self, attempt: Attempt) -> bool:
        """Take in what came of a request; whether it is settled for now.

        Raises:
            ViolationError: the answer is another one than before, or is refused although it was given.
        """
        if attempt.answer is not None:
            told = _told(attempt.answer)
            require("one key has one answer", holds=self.answer in {None, told}, because=(self.id, self.answer, told))
            self.answer = told
            return True
        self.in_doubt = self.in_doubt or attempt.is_twice
        if attempt.refusal is None or isinstance(attempt.refusal, ContentionError):
            self.in_doubt = self.in_doubt or attempt.is_sent
            return False
        require("no answer is taken back", holds=self.answer is None, because=(self.id, attempt.refusal))
        self.refusal = attempt.refusal
        return True


@dataclass
class People:
    """All clients, and what they claim.

    Args:
        cluster: what they talk to.
        auditor: what really happened.
    """

    cluster: Cluster
    auditor: Auditor
    claims: list[Claim] = field(default_factory=list)
    closing: dict[str, datetime | None] = field(default_factory=dict)
    _keys: int = 0

    async def insist(self, use_case: str, request: Any, patience: int = _PATIENCE) -> Claim:
        """Ask for a write, again and again under one new key, until it is answered or refused, or patience ends."""
        self._keys += 1
        idempotency = Idempotency(f"key-{self._keys}", f"request-{self._keys}")
        keyed = request._replace(idempotency=idempotency)
        claim = Claim(keyed.caller.account, idempotency, keyed, ask(use_case, keyed))
        self.claims.append(claim)
        await self.pursue(claim, patience)
        return claim

    async def pursue(self, claim: Claim, patience: int) -> bool:
        """Ask for it that often at most; whether it is settled."""
        for attempt in range(patience):
            if claim.learn(await self.cluster.request(claim.work)):
                return True
            await self.cluster.loop.sleep(0.1 * 2**attempt)
        return False

    async def look(self, use_case: str, request: Any) -> Any:
        """Read something; None when that does not work just now."""
        return (await self.cluster.request(ask(use_case, request))).answer

    async def reconcile(self) -> None:
        """Ask again for everything that nobody is sure of, until it is known; a refusal without doubt stands."""
        for claim in self.claims:
            if claim.answer is None and (claim.refusal is None or claim.in_doubt):
                claim.refusal, claim.in_doubt = None, False
                settled = await self.pursue(claim, 20)
                require("a request is answered in the end", holds=settled, because=claim.id)

    def check(self) -> None:
        """Hold what was told against what is stored."""
        for claim in self.claims:
            command = self.auditor.commands.get((claim.account, claim.id))
            trade = self.auditor.trades.get(claim.id)
            if claim.answer is None:
                is_remembered = command is not None and command["answer_kind"] == "Refusal"
                never = (command is None or is_remembered) and trade is None
                require("what was refused never happened", holds=never, because=(claim.refusal, command, trade))
                continue
            require("what was answered is never lost", holds=command is not None, because=claim.id)
            if isinstance(claim.answer, Order):
                require("what was answered is never lost", holds=trade is not None, because=claim.id)
                assert trade is not None
                (told,) = claim.answer.trades
                stored = (trade["version"], trade["digest"], trade["quantity"], trade["amount"]["amount"])
                same = stored == (told.version, told.digest, told.quantity, told.amount.amount)
                require("the answer is the trade", holds=same, because=(told, trade))
        asked = {claim.id for claim in self.claims}
        require("no trade that nobody asked for", holds=self.auditor.trades.keys() <= asked)


class Trader:
    """Somebody who trades in all markets; the first of them is a creator too.

    Args:
        people: the others.
        number: makes the name and the character.
    """

    def __init__(self, people: People, number: int) -> None:
        self._people, self._cluster = people, people.cluster
        self._random = Random(f"{people.cluster.plan.seed}/trader/{number}")
        self._caller = Caller(trader(number))
        self._orders: list[Claim] = []

    async def live(self) -> None:
        """Open an account, and do one thing after the other."""
        await open_account(self._people, self._caller)
        choices: list[tuple[_Action, int]] = [
            (self._buy, 40),
            (self._sell, 25),
            (self._snipe, 8),
            (self._order_quoted, 8),
            (self._repeat, 8),
            (self._reuse, 4),
            (self._read, 15),
            (self._rush, 60 if self._cluster.plan.is_crowded else 2),
        ]
        actions, weights = zip(*choices, strict=True)
        for _ in range(self._cluster.plan.steps):
            await self._cluster.loop.sleep(self._random.uniform(0.0, 3.0))
            slug = f"market-{self._random.randrange(self._cluster.plan.markets)}"
            (action,) = self._random.choices(actions, weights)
            await action(slug)

    async def _buy(self, slug: str) -> None:
        await self._order(slug, self._purchase())

    def _purchase(self) -> OrderTerms:
        micros = self._random.choice((1, 999, MICROS, 5 * MICROS, 20 * MICROS, 400 * MICROS))
        amount = self._random.randint(1, micros)
        terms = OrderTerms(self._outcome(), Side.BUY, quantity=amount)
        kind = self._random.random()
        if kind < 0.3:
            terms = replace(terms, quantity=None, spend=amount)
        elif kind < 0.4:
            limit = self._random.randint(1, MICROS - 1)
            terms = replace(terms, limit_price=limit, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL)
        return terms

    async def _sell(self, slug: str) -> None:
        """Sell some, all, or a little more of what was bought before."""
        orders = [order for claim in self._orders if isinstance(order := claim.answer, Order)]
        bought = [order for order in orders if order.side is Side.BUY]
        if not bought:
            await self._buy(slug)
            return
        order = self._random.choice(bought)
        whole = order.filled_quantity
        quantity = self._random.choice((whole, self._random.randint(1, whole), whole + 1))
        await self._order(order.market, OrderTerms(order.outcome, Side.SELL, quantity=quantity))

    async def _snipe(self, slug: str) -> None:
        """Buy at the last moment, so that whatever delays the order decides whether it is in time."""
        closes_at = self._people.closing.get(slug)
        left = (closes_at - self._cluster.now()).total_seconds() if closes_at else 0.0
        if 0 < left < _WORTH_WAITING:
            await self._cluster.loop.sleep(max(0.0, left - self._random.uniform(0, 1)))
        await self._buy(slug)

    async def _rush(self, slug: str) -> None:
        """Place some orders in one market at once, while others do so too."""
        orders = [self._order(slug, self._purchase()) for _ in range(self._random.randint(2, 9))]
        tasks = [self._cluster.loop.create_task(order) for order in orders]
        for task in tasks:
            await task

    async def _order_quoted(self, slug: str) -> None:
        """Order what was quoted, at the version of the quote: it costs exactly that, or is refused."""
        terms = OrderTerms(self._outcome(), Side.BUY, quantity=self._random.randint(1, 3 * MICROS))
        quoted = await self._people.look("quote", QuoteRequest(slug, terms))
        if quoted is None:
            return
        claim = await self._order(slug, replace(terms, version=quoted.version))
        if claim.answer is not None:
            same = claim.answer.amount == quoted.fill.amount and claim.answer.trades[0].version == quoted.version + 1
            require("a quote is kept", holds=same, because=(quoted, claim.answer))

    async def _repeat(self, slug: str) -> None:
        """Ask once more for an order that was placed before."""
        if done := self._done():
            claim = self._random.choice(done)
            claim.learn(await self._cluster.request(claim.work))

    async def _reuse(self, slug: str) -> None:
        """Use the key of an order that was done for another one."""
        if done := self._done():
            claim = self._random.choice(done)
            other = replace(claim.idempotency, fingerprint="another request")
            forged = claim.request._replace(idempotency=other, terms=OrderTerms("YES", Side.BUY, quantity=7))
            attempt = await self._cluster.request(ask("place_order", forged))
            is_refused = attempt.refusal is None or isinstance(
                attempt.refusal, IdempotencyKeyReusedError | ContentionError
            )
            require("a key belongs to one request", holds=attempt.answer is None and is_refused, because=attempt)

    async def _read(self, slug: str) -> None:
        """Read something; an order that was answered must be there."""
        if (done := self._done()) and self._random.random() < 0.5:
            claim = self._random.choice(done)
            attempt = await self._cluster.request(ask("get_order", GetOrderRequest(self._caller, claim.id)))
            is_there = attempt.refusal is None or isinstance(attempt.refusal, ContentionError)
            require("an order can be read", holds=is_there, because=attempt)
            if attempt.answer is not None:
                require("an order reads as it was answered", holds=attempt.answer.order == claim.answer, because=claim)
            return
        reads = (
            ("get_portfolio", GetPortfolioRequest(self._caller)),
            ("get_market", GetMarketRequest(slug, self._caller)),
            ("list_trades", ListTradesRequest(slug, 10, None, self._caller)),
            ("list_holders", ListHoldersRequest(slug, 3, None, self._caller)),
            ("list_journal", ListJournalRequest(self._caller, 5)),
            ("list_markets", ListMarketsRequest(2, caller=self._caller)),
            ("list_prices", ListPricesRequest(slug, Interval.MINUTE, caller=self._caller)),
            ("get_audit", GetAuditRequest()),
        )
        await self._people.look(*self._random.choice(reads))

    async def _order(self, slug: str, terms: OrderTerms) -> Claim:
        claim = await self._people.insist("place_order", PlaceOrderRequest(self._caller, slug, terms, KEYLESS))
        self._orders.append(claim)
        return claim

    def _done(self) -> list[Claim]:
        """The orders that were answered."""
        return [claim for claim in self._orders if claim.answer is not None]

    def _outcome(self) -> str:
        return self._random.choice(_OUTCOMES[:2])


class Organizer:
    """Somebody who runs one market from its draft to its end; two share the creators' accounts.

    Args:
        people: the others.
        number: makes the market.
    """

    def __init__(self, people: People, number: int) -> None:
        self._people, self._cluster = people, people.cluster
        self._random = Random(f"{people.cluster.plan.seed}/market/{number}")
        self._caller = Caller(f"creator-{number % 2}")
        self._slug = f"market-{number}"
        self._outcomes = _OUTCOMES[: self._random.choice((2, 2, 2, 3, 4))]

    async def live(self) -> None:
        """Publish it, close and open it again, and decide it, now or never."""
        await open_account(self._people, self._caller)
        if not await self._publish():
            return
        for _ in range(self._random.choice((0, 0, 1, 2))):
            await self._cluster.loop.sleep(self._random.uniform(0, 9))
            await self._people.insist("close_market", CloseMarketRequest(self._caller, self._slug, KEYLESS))
            await self._cluster.loop.sleep(self._random.uniform(0, 4))
            until = self._people.closing[self._slug] = self._closing()
            reopening = ReopenMarketRequest(self._caller, self._slug, until, KEYLESS)
            await self._people.insist("reopen_market", reopening)
        await self._cluster.loop.sleep(self._random.uniform(0, 25))
        if self._random.random() < 0.7:
            decider = self._random.choice((self._caller, ADMIN))
            await self.decide(decider)
            if self._cluster.plan.has_appeals and self._random.random() < 0.8:
                await self._withdraw(decider)

    async def _withdraw(self, decider: Caller) -> None:
        """Take the decision back as late as that can be, when payouts may begin; perhaps decide anew."""
        await self._cluster.loop.sleep(self._random.uniform(0, APPEAL.total_seconds() + 1))
        await self._people.insist("withdraw_resolution", WithdrawResolutionRequest(decider, self._slug, KEYLESS))
        if self._random.random() < 0.5:
            await self.decide(decider)

    async def decide(self, decider: Caller) -> None:
        """Resolve it, to one outcome or in part, or have it called off."""
        if self._random.random() < 0.35:
            await self._people.insist("void_market", VoidMarketRequest(ADMIN, self._slug, "Nobody knows.", KEYLESS))
        else:
            resolution = ResolveMarketRequest(decider, self._slug, self._decision(), KEYLESS)
            await self._people.insist("resolve_market", resolution)

    def _decision(self) -> str | dict[str, int]:
        if self._random.random() < 0.5:
            return self._random.choice(self._outcomes)
        cuts = sorted(self._random.randint(0, MICROS) for _ in self._outcomes[1:])
        return {name: high - low for name, low, high in zip(self._outcomes, [0, *cuts], [*cuts, MICROS], strict=True)}

    async def _publish(self) -> bool:
        liquidity = self._random.randint(MICROS, 25 * MICROS)
        closes_at = self._people.closing[self._slug] = self._closing()
        definition = MarketDefinition("Will it?", outcomes=self._outcomes, liquidity=liquidity, closes_at=closes_at)
        drafting = CreateMarketRequest(self._caller, self._slug, definition, KEYLESS)
        if (await self._people.insist("create_market", drafting)).answer is None:
            return False
        publishing = PublishMarketRequest(self._caller, self._slug, KEYLESS)
        return (await self._people.insist("publish_market", publishing)).answer is not None

    def _closing(self) -> datetime | None:
        later = timedelta(seconds=self._random.uniform(6, 40))
        return self._cluster.now() + later if self._random.random() < 0.5 else None


def trader(number: int) -> str:
    """The account of a trader."""
    return f"trader-{number}" if number else "creator-0"


def ask(use_case: str, request: Any) -> Work:
    """The work of answering a request."""

    async def work(use_cases: UseCases) -> Any:
        return await getattr(use_cases, use_case).execute(request)

    return work


async def open_account(people: People, caller: Caller) -> None:
    """Open an account, whatever happens."""
    claim = await people.insist("open_account", OpenAccountRequest(caller, KEYLESS), patience=30)
    require("an account can be opened", holds=claim.answer is not None, because=claim)


async def give_away(people: People) -> None:
    """Grant somebody credits, now and then."""
    random = Random(f"{people.cluster.plan.seed}/grants")
    await open_account(people, ADMIN)
    for _ in range(2):
        await people.cluster.loop.sleep(random.uniform(1, 12))
        account = f"trader-{random.randrange(people.cluster.plan.traders)}"
        grant = GrantCreditsRequest(ADMIN, account, Money(random.randint(1, 9 * MICROS)), "Well done.", KEYLESS)
        await people.insist("grant_credits", grant)


async def hold(people: People, account: str) -> None:
    """Buy shares of a market once, and wait for what comes of them."""
    random, caller = Random(f"{people.cluster.plan.seed}/{account}"), Caller(account)
    await open_account(people, caller)
    await people.cluster.loop.sleep(random.uniform(2, 12))
    terms = OrderTerms(random.choice(_OUTCOMES[:2]), Side.BUY, quantity=random.randint(1, MICROS))
    await people.insist("place_order", PlaceOrderRequest(caller, "market-0", terms, KEYLESS))


def _told(answer: Any) -> Any:
    """What a result says, without whether it was said before."""
    for name in ("order", "listing", "entry", "opened"):
        if hasattr(answer, name):
            return getattr(answer, name)
    raise ViolationError(f"a write answers something: {answer}")
