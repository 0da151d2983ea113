"""The composition root: every use case, made by hand from its ports."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from domain.application.admission.accept_invitation import AcceptInvitation
from domain.application.admission.authorize import Authorize
from domain.application.admission.create_api_key import CreateApiKey
from domain.application.admission.create_invitation import CreateInvitation
from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.admission.list_api_keys import ListApiKeys
from domain.application.admission.list_invitations import ListInvitations
from domain.application.admission.revoke_api_key import RevokeApiKey
from domain.application.admission.revoke_invitation import RevokeInvitation
from domain.application.history.list_prices import ListPrices
from domain.application.history.project_price_history import ProjectPriceHistory
from domain.application.instance.dispatch_ledger import DispatchLedger
from domain.application.instance.get_health import GetHealth
from domain.application.ledger.audit_ledger import AuditLedger
from domain.application.ledger.get_audit import GetAudit
from domain.application.ledger.get_portfolio import GetPortfolio
from domain.application.ledger.grant_credits import GrantCredits
from domain.application.ledger.list_journal import ListJournal
from domain.application.ledger.list_my_trades import ListMyTrades
from domain.application.ledger.open_account import OpenAccount
from domain.application.settlement.ring_stale import RingStale
from domain.application.settlement.settle_positions import SettlePositions
from domain.application.shared.transaction import Transaction
from domain.application.trading.close_expired_markets import CloseExpiredMarkets
from domain.application.trading.close_market import CloseMarket
from domain.application.trading.create_market import CreateMarket
from domain.application.trading.edit_market import EditMarket
from domain.application.trading.get_market import GetMarket
from domain.application.trading.get_order import GetOrder
from domain.application.trading.list_holders import ListHolders
from domain.application.trading.list_markets import ListMarkets
from domain.application.trading.list_trades import ListTrades
from domain.application.trading.market_transition import MarketTransition
from domain.application.trading.place_order import PlaceOrder
from domain.application.trading.publish_market import PublishMarket
from domain.application.trading.quote import Quote
from domain.application.trading.reopen_market import ReopenMarket
from domain.application.trading.resolve_market import ResolveMarket
from domain.application.trading.void_market import VoidMarket
from domain.model.admission.session import SessionKind
from domain.port.out.admission import AdmissionRepository
from domain.port.out.audit import AuditRepository
from domain.port.out.clock import Clock, Random
from domain.port.out.doorbell import Doorbell
from domain.port.out.identity import Issuer
from domain.port.out.journal import JournalRepository
from domain.port.out.records import RecordReader, UnitOfWork
from domain.port.out.repositories import BookRepository, CandleRepository, MarketRepository, PositionRepository
from domain.port.out.turns import NoTurns, Turns
from functions.config.release import VERSION
from functions.config.settings import OidcSettings, Settings
from functions.registry import PRICE_HISTORY, SETTLEMENT

type CreateIssuer = Callable[[OidcSettings, Clock], Issuer]


@dataclass(frozen=True, slots=True)
class Persistence:
    """The persistence ports, all over one store."""

    records: RecordReader
    unit_of_work: UnitOfWork
    markets: MarketRepository
    books: BookRepository
    positions: PositionRepository
    journal: JournalRepository
    candles: CandleRepository
    audits: AuditRepository
    admission: AdmissionRepository


def _no_doorbell(queue: str) -> Doorbell:
    raise LookupError(f"this container was made without a doorbell for {queue}")


def _no_issuer(_: OidcSettings, __: Clock) -> Issuer:
    raise LookupError("this container was made without a way to verify tokens")


class Container:
    """The use cases, each under its function's name and made when it is first asked for.

    Args:
        persistence: the store.
        clock: the time.
        random: chance.
        settings: what this instance is set to.
        turns: how requests wait for one another; None where each has its process to itself.
        doorbell: makes the way to ring for the workers of a queue of that name, for the use cases that do.
        create_issuer: makes what verifies an issuer's tokens, for the use case that does.
        session_kinds: the sessions that let somebody in.
    """

    def __init__(
        self,
        persistence: Persistence,
        clock: Clock,
        random: Random,
        settings: Settings,
        *,
        turns: Turns | None = None,
        doorbell: Callable[[str], Doorbell] = _no_doorbell,
        create_issuer: CreateIssuer | None = None,
        session_kinds: frozenset[SessionKind] = frozenset({SessionKind.INVITATION}),
    ) -> None:
        self._create_issuer = create_issuer or _no_issuer
        self._session_kinds = session_kinds
        self._doorbell = doorbell
        self._persistence = persistence
        self._clock = clock
        self._settings = settings
        self._transaction = Transaction(persistence.unit_of_work, clock, random, turns or NoTurns())
        self._transition = MarketTransition(persistence.records, self._transaction, clock)
        self.instance_secrets = InstanceSecrets(persistence.records, persistence.unit_of_work)

    @cached_property
    def open_account(self) -> OpenAccount:
        """Open the caller's account."""
        return OpenAccount(self._persistence.records, self._transaction, self._clock, self._settings.starting_grant)

    @cached_property
    def get_portfolio(self) -> GetPortfolio:
        """Read the caller's balance and holdings."""
        return GetPortfolio(self._persistence.positions, self._clock)

    @cached_property
    def create_market(self) -> CreateMarket:
        """Draft a market."""
        creators_only = self._settings.creators_only
        return CreateMarket(self._persistence.records, self._transaction, self._clock, creators_only=creators_only)

    @cached_property
    def list_markets(self) -> ListMarkets:
        """List markets."""
        return ListMarkets(self._persistence.markets, self._persistence.books, self._clock)

    @cached_property
    def get_market(self) -> GetMarket:
        """Read a market."""
        return GetMarket(self._persistence.records, self._clock)

    @cached_property
    def publish_market(self) -> PublishMarket:
        """Publish a draft."""
        return PublishMarket(self._persistence.records, self._transaction, self._clock)

    @cached_property
    def edit_market(self) -> EditMarket:
        """Edit a draft."""
        return EditMarket(self._persistence.records, self._persistence.markets, self._clock)

    @cached_property
    def close_market(self) -> CloseMarket:
        """Close a market by hand."""
        return CloseMarket(self._transition)

    @cached_property
    def reopen_market(self) -> ReopenMarket:
        """Reopen a closed market."""
        return ReopenMarket(self._transition)

    @cached_property
    def void_market(self) -> VoidMarket:
        """Call a market off."""
        return VoidMarket(self._transition)

    @cached_property
    def resolve_market(self) -> ResolveMarket:
        """Decide a market's outcome."""
        return ResolveMarket(self._persistence.records, self._transition)

    @cached_property
    def quote(self) -> Quote:
        """Price an order."""
        return Quote(self._persistence.records, self._clock)

    @cached_property
    def place_order(self) -> PlaceOrder:
        """Trade."""
        return PlaceOrder(self._persistence.records, self._transaction, self._clock)

    @cached_property
    def get_health(self) -> GetHealth:
        """Say that it works."""
        return GetHealth(VERSION)

    @cached_property
    def settle_positions(self) -> SettlePositions:
        """Pay out a decided market."""
        persistence = self._persistence
        return SettlePositions(persistence.records, persistence.positions, self._transaction, self._clock)

    @cached_property
    def dispatch_ledger(self) -> DispatchLedger:
        """Ring for the workers whom a record of the ledger concerns."""
        return DispatchLedger(self._doorbell(SETTLEMENT), self._doorbell(PRICE_HISTORY))

    @cached_property
    def ring_stale(self) -> RingStale:
        """Ring again for what still waits."""
        return RingStale(self._persistence.markets, self._doorbell(SETTLEMENT), self._clock)

    @cached_property
    def close_expired_markets(self) -> CloseExpiredMarkets:
        """Close markets past their closing time."""
        persistence = self._persistence
        return CloseExpiredMarkets(persistence.records, persistence.markets, self._transaction, self._clock)

    @cached_property
    def get_order(self) -> GetOrder:
        """Read one of the caller's orders."""
        return GetOrder(self._persistence.records)

    @cached_property
    def grant_credits(self) -> GrantCredits:
        """Grant an account credits."""
        return GrantCredits(self._persistence.records, self._transaction, self._clock)

    @cached_property
    def list_journal(self) -> ListJournal:
        """List the movements of the caller's money."""
        return ListJournal(self._persistence.records, self._persistence.journal)

    @cached_property
    def list_my_trades(self) -> ListMyTrades:
        """List the caller's trades."""
        return ListMyTrades(self._persistence.records, self._persistence.journal)

    @cached_property
    def list_trades(self) -> ListTrades:
        """List a market's trades."""
        return ListTrades(self._persistence.records, self._persistence.journal)

    @cached_property
    def list_holders(self) -> ListHolders:
        """List who holds shares of a market."""
        return ListHolders(self._persistence.records, self._persistence.positions)

    @cached_property
    def project_price_history(self) -> ProjectPriceHistory:
        """Fold a market's trades into candles."""
        return ProjectPriceHistory(self._persistence.records, self._persistence.journal, self._transaction)

    @cached_property
    def list_prices(self) -> ListPrices:
        """Read a market's candles."""
        return ListPrices(
            self._persistence.records, self._persistence.candles, self._doorbell(PRICE_HISTORY), self._clock
        )

    @cached_property
    def get_audit(self) -> GetAudit:
        """Say whether the books balance."""
        return GetAudit(self._persistence.audits, self._clock)

    @cached_property
    def audit_ledger(self) -> AuditLedger:
        """Compare every balance with the ledger."""
        persistence = self._persistence
        return AuditLedger(persistence.audits, persistence.records, persistence.journal, self._transaction, self._clock)

    @cached_property
    def authorize(self) -> Authorize:
        """Find out who is asking."""
        persistence, oidc = self._persistence, self._settings.oidc
        return Authorize(
            persistence.records,
            persistence.unit_of_work,
            self._clock,
            self.instance_secrets,
            issuer=self._create_issuer(oidc, self._clock) if oidc else None,
            session_kinds=self._session_kinds,
        )

    @cached_property
    def create_api_key(self) -> CreateApiKey:
        """Make a bot key."""
        return CreateApiKey(self._persistence.records, self._transaction, self._clock)

    @cached_property
    def list_api_keys(self) -> ListApiKeys:
        """List the caller's bot keys."""
        return ListApiKeys(self._persistence.records, self._persistence.admission)

    @cached_property
    def revoke_api_key(self) -> RevokeApiKey:
        """Revoke a bot key."""
        return RevokeApiKey(self._persistence.records, self._transaction)

    @cached_property
    def create_invitation(self) -> CreateInvitation:
        """Make an invitation."""
        return CreateInvitation(self._persistence.records, self._transaction, self._clock, self.instance_secrets)

    @cached_property
    def list_invitations(self) -> ListInvitations:
        """List the invitations."""
        persistence = self._persistence
        return ListInvitations(persistence.records, persistence.admission, self.instance_secrets)

    @cached_property
    def revoke_invitation(self) -> RevokeInvitation:
        """Revoke an invitation."""
        return RevokeInvitation(self._persistence.records, self._transaction)

    @cached_property
    def accept_invitation(self) -> AcceptInvitation:
        """Open an account by an invitation."""
        return AcceptInvitation(
            self._persistence.records,
            self._transaction,
            self._clock,
            self.instance_secrets,
            self._settings.starting_grant,
            has_issuer=self._settings.oidc is not None,
        )
