"""A small world: every use case over one set of ports, and short ways of living in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Protocol, cast

from domain.application.create_market import CreateMarket, CreateMarketRequest
from domain.application.get_market import GetMarket, GetMarketRequest
from domain.application.get_portfolio import GetPortfolio, GetPortfolioRequest
from domain.application.list_markets import ListMarkets
from domain.application.market_transition import MarketTransition
from domain.application.open_account import OpenAccount, OpenAccountRequest
from domain.application.place_order import PlaceOrder, PlaceOrderRequest
from domain.application.publish_market import PublishMarket, PublishMarketRequest
from domain.application.quote import Quote
from domain.application.resolve_market import ResolveMarket, ResolveMarketRequest
from domain.application.settle_positions import SettlePositions, SettlePositionsRequest, SettlePositionsResult
from domain.application.transaction import Transaction
from domain.model.account import Account
from domain.model.book import Listing
from domain.model.caller import Caller, Role
from domain.model.command import Idempotency
from domain.model.market import Market, MarketDefinition
from domain.model.money import MICROS, Money
from domain.model.order import Order, OrderTerms
from domain.model.portfolio import Portfolio
from domain.model.trade import Side
from domain.port.out.clock import Random
from domain.port.out.records import (
    AccountKey,
    AnyKey,
    Key,
    RecordReader,
    UnitOfWork,
)
from domain.port.out.repositories import BookRepository, MarketRepository, PositionRepository
from domain.port.out.turns import NoTurns
from tests.fakes.clock import FakeClock, SeededRandom

GRANT = Money(1000 * MICROS)
DEFINITION = MarketDefinition("Will it rain tomorrow?")


class Ports(Protocol):
    """All that a persistence adapter offers."""

    @property
    def records(self) -> RecordReader: ...
    @property
    def unit_of_work(self) -> UnitOfWork: ...
    @property
    def markets(self) -> MarketRepository: ...
    @property
    def books(self) -> BookRepository: ...
    @property
    def positions(self) -> PositionRepository: ...


@dataclass
class World:
    """Every use case over one set of ports, and short ways of using them.

    Args:
        ports: where everything is stored.
        clock: the time, for all.
        random: the jitter of retries.
        grant: what a new account holds.
        unit_of_work: where to commit, when not the ports' own.
        positions: who holds what, when not the ports' own.
        keys: numbers for keys that were not used before.
    """

    ports: Ports
    clock: FakeClock = field(default_factory=FakeClock)
    random: Random = field(default_factory=SeededRandom)
    grant: Money = GRANT
    unit_of_work: UnitOfWork | None = None
    positions: PositionRepository | None = None
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        records, clock = self.ports.records, self.clock
        transaction = Transaction(self.unit_of_work or self.ports.unit_of_work, clock, self.random, NoTurns())
        positions = self.positions or self.ports.positions
        self.open_account = OpenAccount(records, transaction, clock, self.grant)
        self.create_market = CreateMarket(records, transaction, clock)
        self.publish_market = PublishMarket(records, transaction, clock)
        self.get_market = GetMarket(records, clock)
        self.list_markets = ListMarkets(self.ports.markets, self.ports.books, clock)
        self.quote = Quote(records, clock)
        self.place_order = PlaceOrder(records, transaction, clock)
        self.get_portfolio = GetPortfolio(positions, clock)
        self.resolve_market = ResolveMarket(records, MarketTransition(records, transaction, clock))
        self.settle_positions = SettlePositions(records, positions, transaction, clock)

    def with_faults(self, unit_of_work: UnitOfWork) -> "World":
        """The same world, seen by somebody whose commits go that way."""
        return replace(self, unit_of_work=unit_of_work)

    def with_positions(self, positions: PositionRepository) -> "World":
        """The same world, seen by somebody who finds holders that way."""
        return replace(self, positions=positions)

    async def open(self, account: str) -> Account:
        """Open an account."""
        request = OpenAccountRequest(caller(account), self.fresh())
        return (await self.open_account.execute(request)).opened.account

    async def draft(self, slug: str, creator: str, definition: MarketDefinition | None = None) -> Market:
        """Draft a market."""
        request = CreateMarketRequest(caller(creator), slug, definition or DEFINITION, self.fresh())
        return (await self.create_market.execute(request)).listing.market

    async def publish(self, slug: str, creator: str, definition: MarketDefinition | None = None) -> Listing:
        """Draft a market and publish it."""
        await self.draft(slug, creator, definition)
        request = PublishMarketRequest(caller(creator), slug, self.fresh())
        return (await self.publish_market.execute(request)).listing

    async def order(self, account: str, slug: str, terms: OrderTerms, idempotency: Idempotency | None = None) -> Order:
        """Place an order."""
        request = PlaceOrderRequest(caller(account), slug, terms, idempotency or self.fresh())
        return (await self.place_order.execute(request)).order

    async def buy(self, account: str, slug: str, outcome: str, quantity: int) -> Order:
        """Buy micro-shares."""
        return await self.order(account, slug, OrderTerms(outcome, Side.BUY, quantity=quantity))

    async def spend(self, account: str, slug: str, outcome: str, spend: int) -> Order:
        """Buy for micro-credits."""
        return await self.order(account, slug, OrderTerms(outcome, Side.BUY, spend=spend))

    async def sell(self, account: str, slug: str, outcome: str, quantity: int) -> Order:
        """Sell micro-shares."""
        return await self.order(account, slug, OrderTerms(outcome, Side.SELL, quantity=quantity))

    async def resolve(self, slug: str, by: Caller, decision: str | Mapping[str, int]) -> Listing:
        """Decide a market."""
        request = ResolveMarketRequest(by, slug, decision, self.fresh())
        return (await self.resolve_market.execute(request)).listing

    async def settle(self, slug: str) -> SettlePositionsResult:
        """Settle a market once."""
        return await self.settle_positions.execute(SettlePositionsRequest(slug))

    async def portfolio(self, account: str) -> Portfolio:
        """What an account has."""
        return (await self.get_portfolio.execute(GetPortfolioRequest(caller(account)))).portfolio

    async def see(self, slug: str, by: Caller | None = None) -> Listing:
        """A market as somebody sees it."""
        return (await self.get_market.execute(GetMarketRequest(slug, by))).listing

    async def found[R](self, key: Key[R]) -> R:
        """A record that must be there."""
        record = (await self.ports.records.read(cast("AnyKey", key))).get(key)
        assert record is not None, f"nothing is stored under {key}"
        return record

    async def balance(self, account: str) -> int:
        """An account's micro-credits."""
        return (await self.found(AccountKey(account))).balance.amount

    def fresh(self) -> Idempotency:
        """A key that was not used before."""
        number = next(self.keys)
        return Idempotency(f"key-{number}", f"request-{number}")


def caller(account: str) -> Caller:
    """Somebody with no roles."""
    return Caller(account)


def admin(account: str = "admin") -> Caller:
    """Somebody who runs the instance."""
    return Caller(account, frozenset({Role.ADMIN}))


def credits_of(whole: int) -> int:
    """Whole credits, or whole shares, in micro-units."""
    return whole * MICROS
