"""A small world: every use case over one set of ports, and short ways of living in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Protocol, cast

from domain.application.admission.accept_invitation import AcceptInvitation
from domain.application.admission.authorize import Authorize, AuthorizeRequest
from domain.application.admission.create_api_key import CreateApiKey
from domain.application.admission.create_invitation import CreateInvitation
from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.admission.list_api_keys import ListApiKeys
from domain.application.admission.list_invitations import ListInvitations
from domain.application.admission.revoke_api_key import RevokeApiKey
from domain.application.admission.revoke_invitation import RevokeInvitation
from domain.application.history.list_prices import ListPrices
from domain.application.history.project_price_history import ProjectPriceHistory, ProjectPriceHistoryRequest
from domain.application.ledger.audit_ledger import AuditLedger, AuditLedgerRequest, AuditLedgerResult
from domain.application.ledger.get_audit import GetAudit, GetAuditRequest
from domain.application.ledger.get_portfolio import GetPortfolio, GetPortfolioRequest
from domain.application.ledger.grant_credits import GrantCredits, GrantCreditsRequest
from domain.application.ledger.list_journal import ListJournal
from domain.application.ledger.list_my_trades import ListMyTrades
from domain.application.ledger.open_account import OpenAccount, OpenAccountRequest
from domain.application.settlement.settle_positions import (
    SettlePositions,
    SettlePositionsRequest,
    SettlePositionsResult,
)
from domain.application.shared.transaction import Transaction
from domain.application.trading.close_market import CloseMarket, CloseMarketRequest
from domain.application.trading.create_market import CreateMarket, CreateMarketRequest
from domain.application.trading.edit_market import EditMarket, EditMarketRequest
from domain.application.trading.get_market import GetMarket, GetMarketRequest
from domain.application.trading.get_order import GetOrder, GetOrderRequest
from domain.application.trading.list_holders import ListHolders
from domain.application.trading.list_markets import ListMarkets
from domain.application.trading.list_trades import ListTrades
from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.place_order import PlaceOrder, PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarket, PublishMarketRequest
from domain.application.trading.quote import Quote
from domain.application.trading.reopen_market import ReopenMarket, ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarket, ResolveMarketRequest
from domain.application.trading.void_market import VoidMarket, VoidMarketRequest
from domain.model.admission.session import SessionKind
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.money import MICROS, Money
from domain.model.ledger.account import Account
from domain.model.ledger.audit import Audit
from domain.model.ledger.command import Idempotency
from domain.model.ledger.journal import JournalEntry
from domain.model.ledger.portfolio import Portfolio
from domain.model.trading.book import Listing
from domain.model.trading.market import Market, MarketChanges, MarketDefinition
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.admission import AdmissionRepository
from domain.port.out.audit import AuditRepository
from domain.port.out.clock import Random
from domain.port.out.doorbell import Ring
from domain.port.out.identity import Issuer
from domain.port.out.journal import JournalRepository
from domain.port.out.records import AccountKey, AnyKey, Key, RecordReader, UnitOfWork
from domain.port.out.repositories import BookRepository, CandleRepository, MarketRepository, PositionRepository
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
    @property
    def journal(self) -> JournalRepository: ...
    @property
    def candles(self) -> CandleRepository: ...
    @property
    def audits(self) -> AuditRepository: ...
    @property
    def admission(self) -> AdmissionRepository: ...


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
        issuer: whose tokens count besides the instance's own.
        session_kinds: the sessions that let somebody in.
        keys: numbers for keys that were not used before.
    """

    ports: Ports
    clock: FakeClock = field(default_factory=FakeClock)
    random: Random = field(default_factory=SeededRandom)
    grant: Money = GRANT
    unit_of_work: UnitOfWork | None = None
    positions: PositionRepository | None = None
    issuer: Issuer | None = None
    session_kinds: frozenset[SessionKind] = frozenset({SessionKind.INVITATION})
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
        transition = MarketTransition(records, transaction, clock)
        self.edit_market = EditMarket(records, self.ports.markets, clock)
        self.close_market = CloseMarket(transition)
        self.reopen_market = ReopenMarket(transition)
        self.void_market = VoidMarket(transition)
        self.resolve_market = ResolveMarket(records, transition)
        self.settle_positions = SettlePositions(records, positions, transaction, clock)
        self.get_order = GetOrder(records)
        self.grant_credits = GrantCredits(records, transaction, clock)
        self.list_journal = ListJournal(records, self.ports.journal)
        self.list_my_trades = ListMyTrades(records, self.ports.journal)
        self.list_trades = ListTrades(records, self.ports.journal)
        self.list_holders = ListHolders(records, positions)
        self.secrets = InstanceSecrets(records, self.unit_of_work or self.ports.unit_of_work)
        self.authorize = Authorize(
            records,
            self.unit_of_work or self.ports.unit_of_work,
            clock,
            self.secrets,
            issuer=self.issuer,
            session_kinds=self.session_kinds,
        )
        self.create_api_key = CreateApiKey(records, transaction, clock)
        self.list_api_keys = ListApiKeys(records, self.ports.admission)
        self.revoke_api_key = RevokeApiKey(records, transaction)
        self.create_invitation = CreateInvitation(records, transaction, clock, self.secrets)
        self.list_invitations = ListInvitations(records, self.ports.admission, self.secrets)
        self.revoke_invitation = RevokeInvitation(records, transaction)
        self.accept_invitation = AcceptInvitation(
            records, transaction, clock, self.secrets, self.grant, has_issuer=self.issuer is not None
        )
        self.project_price_history = ProjectPriceHistory(records, self.ports.journal, transaction)
        self.list_prices = ListPrices(records, self.ports.candles, self, clock)
        self.audit_ledger = AuditLedger(self.ports.audits, records, self.ports.journal, transaction, clock)
        self.get_audit = GetAudit(self.ports.audits, clock)

    async def ring(self, rings: Sequence[Ring]) -> None:
        """Fold the price history of a market for which somebody rings, at once."""
        for ring in rings:
            await self.project_price_history.execute(ProjectPriceHistoryRequest(ring.market))

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

    async def identify(self, *credentials: str) -> Caller | None:
        """Whom these Authorization headers name."""
        return (await self.authorize.execute(AuthorizeRequest(credentials))).caller

    async def draft(self, slug: str, creator: str, definition: MarketDefinition | None = None) -> Market:
        """Draft a market."""
        request = CreateMarketRequest(caller(creator), slug, definition or DEFINITION, self.fresh())
        return (await self.create_market.execute(request)).listing.market

    async def publish(self, slug: str, creator: str, definition: MarketDefinition | None = None) -> Listing:
        """Draft a market and publish it."""
        await self.draft(slug, creator, definition)
        return await self.publish_drafted(slug, creator)

    async def publish_drafted(self, slug: str, creator: str) -> Listing:
        """Publish a draft."""
        request = PublishMarketRequest(caller(creator), slug, self.fresh())
        return (await self.publish_market.execute(request)).listing

    async def edit(self, slug: str, by: Caller, changes: MarketChanges) -> Listing:
        """Edit a draft."""
        return (await self.edit_market.execute(EditMarketRequest(by, slug, changes))).listing

    async def close(self, slug: str, by: Caller) -> Listing:
        """Close a market by hand."""
        return (await self.close_market.execute(CloseMarketRequest(by, slug, self.fresh()))).listing

    async def reopen(self, slug: str, by: Caller, closes_at: datetime | None = None) -> Listing:
        """Reopen a closed market."""
        request = ReopenMarketRequest(by, slug, closes_at, self.fresh())
        return (await self.reopen_market.execute(request)).listing

    async def void(self, slug: str, by: Caller, reason: str = "No umpire came.") -> Listing:
        """Call a market off."""
        return (await self.void_market.execute(VoidMarketRequest(by, slug, reason, self.fresh()))).listing

    async def give(self, account: str, amount: int, by: Caller, reason: str = "Won the quiz.") -> JournalEntry:
        """Grant an account micro-credits."""
        request = GrantCreditsRequest(by, account, Money(amount), reason, self.fresh())
        return (await self.grant_credits.execute(request)).entry

    async def find_order(self, id_: str, by: Caller) -> Order:
        """An order as its owner reads it."""
        return (await self.get_order.execute(GetOrderRequest(by, id_))).order

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

    async def walk(self) -> AuditLedgerResult:
        """Take the audit's walk further."""
        return await self.audit_ledger.execute(AuditLedgerRequest())

    async def audit(self) -> Audit:
        """What the books add up to."""
        return (await self.get_audit.execute(GetAuditRequest())).audit

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
