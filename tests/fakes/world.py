"""A small world: every use case over one set of ports, and short ways of living in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

from domain.application.admission.authorize import AuthorizeRequest
from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.discussion.delete_comment import DeleteCommentRequest
from domain.application.discussion.post_comment import PostCommentRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.ledger.audit_ledger import AuditLedgerRequest, AuditLedgerResult
from domain.application.ledger.get_audit import GetAuditRequest
from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.ledger.grant_credits import GrantCreditsRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.record.project_records import ProjectRecordsRequest, ProjectRecordsResult
from domain.application.settlement.settle_positions import SettlePositionsRequest, SettlePositionsResult
from domain.application.trading.clarify_market import ClarifyMarketRequest
from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.edit_market import EditMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.get_order import GetOrderRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.application.trading.void_market import VoidMarketRequest
from domain.application.trading.withdraw_resolution import WithdrawResolutionRequest
from domain.model.admission.session_kind import SessionKind
from domain.model.discussion.comment import Comment
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.ledger.audit import Audit
from domain.model.ledger.journal import JournalEntry
from domain.model.ledger.portfolio import Portfolio
from domain.model.settlement.settlement import CROWD, Crowd
from domain.model.trading.book import Listing
from domain.model.trading.market import Market, MarketChanges, MarketDefinition
from domain.model.trading.order import Order, OrderTerms
from domain.model.trading.trade import Side
from domain.port.out.clock import Random
from domain.port.out.doorbell import Doorbell, Ring
from domain.port.out.identity import Issuer
from domain.port.out.trading import PositionRepository
from domain.port.out.unit_of_work import UnitOfWork
from domain.port.out.webhooks import WebhookSender
from functions.config.ports import Persistence, Ports
from functions.config.settings import OidcSettings, Settings
from functions.config.use_cases import UseCases
from functions.config.wiring.admission.accept_invitation import accept_invitation
from functions.config.wiring.admission.accept_sign_in_link import accept_sign_in_link
from functions.config.wiring.admission.authorize import authorize
from functions.config.wiring.admission.create_api_key import create_api_key
from functions.config.wiring.admission.create_invitation import create_invitation
from functions.config.wiring.admission.create_sign_in_link import create_sign_in_link
from functions.config.wiring.admission.forget_account import forget_account
from functions.config.wiring.admission.list_api_keys import list_api_keys
from functions.config.wiring.admission.list_invitations import list_invitations
from functions.config.wiring.admission.list_people import list_people
from functions.config.wiring.admission.restore_account import restore_account
from functions.config.wiring.admission.revoke_api_key import revoke_api_key
from functions.config.wiring.admission.revoke_credentials import revoke_credentials
from functions.config.wiring.admission.revoke_invitation import revoke_invitation
from functions.config.wiring.admission.revoke_my_credentials import revoke_my_credentials
from functions.config.wiring.admission.suspend_account import suspend_account
from functions.config.wiring.discussion.delete_comment import delete_comment
from functions.config.wiring.discussion.list_comments import list_comments
from functions.config.wiring.discussion.post_comment import post_comment
from functions.config.wiring.history.list_events import list_events
from functions.config.wiring.history.list_prices import list_prices
from functions.config.wiring.history.project_price_history import project_price_history
from functions.config.wiring.ledger.audit_ledger import audit_ledger
from functions.config.wiring.ledger.get_account import get_account
from functions.config.wiring.ledger.get_audit import get_audit
from functions.config.wiring.ledger.get_me import get_me
from functions.config.wiring.ledger.get_portfolio import get_portfolio
from functions.config.wiring.ledger.grant_credits import grant_credits
from functions.config.wiring.ledger.list_account_trades import list_account_trades
from functions.config.wiring.ledger.list_accounts import list_accounts
from functions.config.wiring.ledger.list_journal import list_journal
from functions.config.wiring.ledger.list_my_trades import list_my_trades
from functions.config.wiring.ledger.open_account import open_account
from functions.config.wiring.ledger.rename_account import rename_account
from functions.config.wiring.metaculus.metaculus import metaculus
from functions.config.wiring.record.get_record import get_record
from functions.config.wiring.record.list_leaders import list_leaders
from functions.config.wiring.record.list_results import list_results
from functions.config.wiring.record.project_records import project_records
from functions.config.wiring.settlement.settle_positions import settle_positions
from functions.config.wiring.trading.clarify_market import clarify_market
from functions.config.wiring.trading.close_expired_markets import close_expired_markets
from functions.config.wiring.trading.close_market import close_market
from functions.config.wiring.trading.create_market import create_market
from functions.config.wiring.trading.delete_draft import delete_draft
from functions.config.wiring.trading.edit_market import edit_market
from functions.config.wiring.trading.get_market import get_market
from functions.config.wiring.trading.get_order import get_order
from functions.config.wiring.trading.list_holders import list_holders
from functions.config.wiring.trading.list_markets import list_markets
from functions.config.wiring.trading.list_trades import list_trades
from functions.config.wiring.trading.place_order import place_order
from functions.config.wiring.trading.publish_market import publish_market
from functions.config.wiring.trading.quote import quote
from functions.config.wiring.trading.reopen_market import reopen_market
from functions.config.wiring.trading.resolve_market import resolve_market
from functions.config.wiring.trading.void_market import void_market
from functions.config.wiring.trading.withdraw_resolution import withdraw_resolution
from functions.config.wiring.webhooks.create_webhook import create_webhook
from functions.config.wiring.webhooks.delete_webhook import delete_webhook
from functions.config.wiring.webhooks.deliver_webhook import deliver_webhook
from functions.config.wiring.webhooks.enable_webhook import enable_webhook
from functions.config.wiring.webhooks.get_webhook import get_webhook
from functions.config.wiring.webhooks.list_webhook_deliveries import list_webhook_deliveries
from functions.config.wiring.webhooks.list_webhooks import list_webhooks
from functions.config.wiring.webhooks.retry_webhooks import retry_webhooks
from functions.config.wiring.webhooks.ring_untold import ring_untold
from functions.config.wiring.webhooks.ring_webhooks import ring_webhooks
from functions.config.wiring.webhooks.rotate_webhook_secret import rotate_webhook_secret
from tests.fakes.clock import FakeClock, SeededRandom

GRANT = Money(1000 * MICROS)
_OIDC = OidcSettings(issuer="https://issuer.example", audiences=("hunch",))
DEFINITION = MarketDefinition("Will it rain tomorrow?")


class RecordedRings:
    """A doorbell that remembers its rings, for a test to answer."""

    def __init__(self) -> None:
        self.rings: list[Ring] = []

    async def ring(self, rings: Sequence[Ring]) -> None:
        self.rings += rings

    def take(self) -> Sequence[Ring]:
        """The rings since the last time."""
        rings, self.rings = self.rings, []
        return rings


@dataclass
class World:
    """Every use case over one set of ports, and short ways of using them.

    Those that are not named here are found by their names in the registry.

    Args:
        ports: where everything is stored.
        clock: the time, for all.
        random: the jitter of retries.
        grant: what a new account holds.
        unit_of_work: where to commit, when not the ports' own.
        positions: who holds what, when not the ports' own.
        appeal: how long decisions may be withdrawn.
        issuer: whose tokens count besides the instance's own.
        sender: what sends to webhooks.
        crowd: which markets are settled in lanes.
        session_kinds: the sessions that let somebody in.
        keys: numbers for keys that were not used before.
        rung: what was rung for webhooks, by queue.
    """

    ports: Persistence
    clock: FakeClock = field(default_factory=FakeClock)
    random: Random = field(default_factory=SeededRandom)
    grant: Money = GRANT
    unit_of_work: UnitOfWork | None = None
    positions: PositionRepository | None = None
    appeal: timedelta = timedelta()
    issuer: Issuer | None = None
    sender: WebhookSender | None = None
    crowd: Crowd = CROWD
    session_kinds: frozenset[SessionKind] = frozenset({SessionKind.INVITATION})
    keys: Iterator[int] = field(default_factory=lambda: count(1))
    rung: dict[str, "RecordedRings"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        persistence = self.ports
        if self.unit_of_work is not None:
            persistence = _with(persistence, unit_of_work=self.unit_of_work)
        if self.positions is not None:
            persistence = _with(persistence, positions=self.positions)
        settings = Settings(starting_grant=self.grant, oidc=_OIDC if self.issuer else None, appeal=self.appeal)
        made = Ports(persistence, self.clock, self.random, settings, session_kinds=self.session_kinds)
        made = replace(made, doorbell=lambda _: self, create_issuer=lambda *_: cast("Issuer", self.issuer))
        made = replace(
            made, doorbell=self._doorbell, create_webhook_sender=lambda _: cast("WebhookSender", self.sender)
        )
        self._others = UseCases(made)
        self._wire_admission(made)
        self.list_events = list_events(made)
        self.list_prices = list_prices(made)
        self.project_price_history = project_price_history(made)
        self.audit_ledger = audit_ledger(made)
        self.get_audit = get_audit(made)
        self.get_portfolio = get_portfolio(made)
        self.grant_credits = grant_credits(made)
        self.list_journal = list_journal(made)
        self.list_my_trades = list_my_trades(made)
        self.open_account = open_account(made)
        self.rename_account = rename_account(made)
        self.get_me = get_me(made)
        self.settle_positions = settle_positions(made, crowd=self.crowd)
        self.close_expired_markets = close_expired_markets(made)
        self.close_market = close_market(made)
        self.create_market = create_market(made)
        self.edit_market = edit_market(made)
        self.delete_draft = delete_draft(made)
        self.get_market = get_market(made)
        self.get_order = get_order(made)
        self.list_holders = list_holders(made)
        self.list_markets = list_markets(made)
        self.list_trades = list_trades(made)
        self.place_order = place_order(made)
        self.publish_market = publish_market(made)
        self.quote = quote(made)
        self.reopen_market = reopen_market(made)
        self.resolve_market = resolve_market(made)
        self.void_market = void_market(made)
        self._add_people(made)
        self.place_forecast = metaculus(made).place_forecast
        self._wire_webhooks(made)

    def __getattr__(self, name: str) -> Any:
        if name == "_others":  # of a world that is being made
            raise AttributeError(name)
        return getattr(self._others, name)

    def _add_people(self, made: Ports) -> None:
        """What concerns people and their standing, and what they say of markets."""
        self.clarify_market = clarify_market(made)
        self.delete_comment = delete_comment(made)
        self.get_account = get_account(made)
        self.get_record = get_record(made)
        self.list_account_trades = list_account_trades(made)
        self.list_accounts = list_accounts(made)
        self.list_comments = list_comments(made)
        self.list_leaders = list_leaders(made)
        self.list_results = list_results(made)
        self.post_comment = post_comment(made)
        self.project_records = project_records(made, crowd=self.crowd)
        self.withdraw_resolution = withdraw_resolution(made)

    def _wire_admission(self, made: Ports) -> None:
        self.secrets = InstanceSecrets(made.store)
        self.accept_invitation = accept_invitation(made)
        self.authorize = authorize(made)
        self.create_api_key = create_api_key(made)
        self.create_invitation = create_invitation(made)
        self.list_api_keys = list_api_keys(made)
        self.list_invitations = list_invitations(made)
        self.revoke_api_key = revoke_api_key(made)
        self.revoke_invitation = revoke_invitation(made)
        self.list_people = list_people(made)
        self.suspend_account = suspend_account(made)
        self.forget_account = forget_account(made)
        self.restore_account = restore_account(made)
        self.revoke_credentials = revoke_credentials(made)
        self.revoke_my_credentials = revoke_my_credentials(made)
        self.create_sign_in_link = create_sign_in_link(made)
        self.accept_sign_in_link = accept_sign_in_link(made)

    def _wire_webhooks(self, made: Ports) -> None:
        self.create_webhook = create_webhook(made)
        self.delete_webhook = delete_webhook(made)
        self.deliver_webhook = deliver_webhook(made)
        self.enable_webhook = enable_webhook(made)
        self.get_webhook = get_webhook(made)
        self.list_webhook_deliveries = list_webhook_deliveries(made)
        self.list_webhooks = list_webhooks(made)
        self.retry_webhooks = retry_webhooks(made)
        self.ring_untold = ring_untold(made)
        self.ring_webhooks = ring_webhooks(made)
        self.rotate_webhook_secret = rotate_webhook_secret(made)

    def _doorbell(self, queue: str) -> Doorbell:
        return self.rung.setdefault(queue, RecordedRings()) if queue.startswith("webhook") else self

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

    async def clarify(self, slug: str, by: Caller, text: str) -> Listing:
        """Clarify a market's rules."""
        request = ClarifyMarketRequest(by, slug, text, self.fresh())
        return (await self.clarify_market.execute(request)).listing

    async def withdraw(self, slug: str, by: Caller) -> Listing:
        """Withdraw the decision on a market."""
        request = WithdrawResolutionRequest(by, slug, self.fresh())
        return (await self.withdraw_resolution.execute(request)).listing

    async def comment(self, slug: str, by: Caller, text: str = "The forecast says sun.") -> Comment:
        """Comment on a market."""
        return (await self.post_comment.execute(PostCommentRequest(by, slug, text, self.fresh()))).comment

    async def delete(self, comment: Comment, by: Caller) -> None:
        """Delete a comment."""
        await self.delete_comment.execute(DeleteCommentRequest(by, comment.market, comment.id))

    async def resolve(
        self, slug: str, by: Caller, decision: str | Mapping[str, int], reason: str | None = None
    ) -> Listing:
        """Decide a market."""
        request = ResolveMarketRequest(by, slug, decision, self.fresh(), reason)
        return (await self.resolve_market.execute(request)).listing

    async def settle(self, slug: str) -> SettlePositionsResult:
        """Settle a market once."""
        return await self.settle_positions.execute(SettlePositionsRequest(slug))

    async def fold(self, slug: str) -> ProjectRecordsResult:
        """Fold a market's results into the records of its traders."""
        return await self.project_records.execute(ProjectRecordsRequest(slug))

    async def walk(self, seconds: float = 10) -> AuditLedgerResult:
        """Take the audit's walk further."""
        return await self.audit_ledger.execute(AuditLedgerRequest(seconds))

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
        record = (await self.ports.records.read(key)).get(key)
        assert record is not None, f"nothing is stored under {key}"
        return record

    async def balance(self, account: str) -> int:
        """An account's micro-credits."""
        return (await self.found(key_for(Account, account))).balance.amount

    def fresh(self) -> Idempotency:
        """A key that was not used before."""
        number = next(self.keys)
        return Idempotency(f"key-{number}", f"request-{number}")


def _with(persistence: Persistence, **ports: object) -> Persistence:
    """The same ports but for these, and with nothing that does better than conditional writes."""
    members = {each.name: getattr(persistence, each.name) for each in fields(Persistence)}
    return Persistence(**{**members, **ports})


def caller(account: str) -> Caller:
    """Somebody with no roles."""
    return Caller(account)


def admin(account: str = "admin") -> Caller:
    """Somebody who runs the instance."""
    return Caller(account, frozenset({Role.ADMIN}))


def credits_of(whole: int) -> int:
    """Whole credits, or whole shares, in micro-units."""
    return whole * MICROS
