"""Records for tests of persistence: ordinary ones that belong together, and the largest there may be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from domain.event.market_events import MarketChanged
from domain.model.admission.api_key import ApiKey
from domain.model.admission.forgetting import Forgetting, Removed
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLink, SignInLinks
from domain.model.discussion.comment import Comment, Commenter, CommentHolding
from domain.model.history.candle import Candle, Interval, PriceHistory, PriceRange
from domain.model.kernel.caller import Role, Scope
from domain.model.kernel.command import Command
from domain.model.kernel.money import MICROS, Money
from domain.model.ledger.account import Account, OpenedAccount
from domain.model.ledger.audit import Audit, AuditWalk, LedgerSum
from domain.model.ledger.journal import EntryKind, JournalEntry, Posting
from domain.model.metaculus.forecast import Forecasted, Forecasts
from domain.model.metaculus.post import Post, number_of
from domain.model.record.fold import RecordFold
from domain.model.record.result import CalibrationStep, Result
from domain.model.record.track_record import TrackRecord
from domain.model.settlement.settlement import Tally, empty_tally
from domain.model.trading.book import Book, Listing, open_book
from domain.model.trading.market import Clarification, Market, MarketStatus, Resolution
from domain.model.trading.order import Order, OrderStatus
from domain.model.trading.position import Position, empty_position, holder_shard
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade
from domain.model.trading.verdict import Verdict
from domain.model.webhooks.delivery import Delivery, WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook, WebhookList, WebhookStatus
from domain.port.out.store import Insert
from tests.fakes.clock import START

HUGE = 9 * 10**18
"""Not far from the largest integer of 64 bits."""

ODD_TEXT = "Ünï¢ödé 🌧️👩\u200d🚀 العربية 日本語 \"quoted\" 'so' \\ / \t\n\r\x01\x7f\u2028\ufeff﷽ 𐍈 e\u0301"

ANN = Account("ann", Money(1000 * MICROS), 1, 0, START)
RAIN = Market(
    slug="rain",
    name="Will it rain?",
    description="",
    rules="",
    outcomes=("YES", "NO"),
    liquidity=100 * MICROS,
    creator="ann",
    tags=("weather",),
    status=MarketStatus.ACTIVE,
    created_at=START,
    published_at=START,
    closes_at=None,
    resolution=None,
    revision=1,
)
RAIN_BOOK = replace(open_book(RAIN), version=7)
ANNS_RAIN = replace(empty_position("ann", "rain", 2), quantities=(5, 0), version=3)
RAIN_TALLY = replace(empty_tally(RAIN_BOOK, holder_shard("ann")), version=2)
ANNS_COMMAND = Command("ann", "c" * 32, "fingerprint", OpenedAccount(ANN, created=True), START)
ANNS_ENTRY = JournalEntry(
    account="ann",
    seq=1,
    kind=EntryKind.STARTING_GRANT,
    postings=(Posting("ann", Money(1000 * MICROS)), Posting("house", Money(-1000 * MICROS))),
    balance_after=Money(1000 * MICROS),
    market=None,
    reason=None,
    created_at=START,
    trade=None,
)
RAIN_PUBLISHED = MarketChanged("rain", 1, MarketStatus.ACTIVE, "ann", START)
ANNS_KEY = ApiKey(
    account="ann",
    id="0199" + "a" * 24,
    name="My forecaster",
    scopes=(Scope.READ, Scope.TRADE),
    roles=(),
    digest="0" * 64,
    created_at=START,
    expires_at=None,
    last_used_at=None,
    version=3,
)
RAIN_VERDICT = Verdict("rain", 0, stands=True, created_at=START)
ANNS_COMMENT = Comment("rain", "0199" + "c" * 24, "ann", "Sun! ☀", CommentHolding("YES", 5), START, 3)
ANN_FORGOTTEN = Forgetting("ann", "root", START, START, Removed(1, 2, 3, 4, 5), 6)
ANNS_COMMENTS = Commenter("ann", START, 3)
RAIN_POST = Post(number_of("rain"), "rain")
ANNS_FORECASTS = Forecasts("ann", "rain", (Forecasted((700_000, 300_000), START),), 3)
ANNS_STEPS = (CalibrationStep(5, Decimal("1.500000"), Decimal("0.300000000000")),)
ANNS_RESULT = Result(
    market="rain",
    account="ann",
    resolved_at=START,
    profit=Money(-7),
    points=-9,
    bought=Money(8),
    weight=Decimal("1.500000"),
    squares=Decimal("0.123456789012345678"),
    steps=ANNS_STEPS,
    is_exact=True,
    version=3,
)
ANNS_TRACK_RECORD = TrackRecord(
    account="ann",
    period="all",
    tag="",
    markets=2,
    profit=Money(-7),
    points=-9,
    bought=Money(8),
    weight=Decimal("1.500000"),
    squares=Decimal("0.123456789012345678"),
    steps=ANNS_STEPS,
    updated_at=START,
    version=3,
)
RAIN_FOLD = RecordFold("rain", 7, "ann", is_replayed=True, version=3)
INVITED = Invitation("0199" + "b" * 24, 30, 7, (), START, START + timedelta(days=1), 3)
LINKS = SignInLinks("ann", (SignInLink("0199" + "c" * 24, START, START + timedelta(days=7), 1, "d" * 32),), 2)
SECRET = InstanceSecret("signing", "5" * 64)

RAIN_CANDLE = Candle("rain", Interval.HOUR, START, (PriceRange(5, 7, 4, 6), PriceRange(5, 6, 3, 4)), Money(9), 3)
RAIN_PRICES = PriceHistory("rain", 3, (6, 4))
ANNS_SUM = LedgerSum("ann", 1, Money(1000 * MICROS), Money(1000 * MICROS))
WALK = AuditWalk(2, "somewhere", Money(3), Money(-2), Money(1), Audit(Money(7), Money(4), Money(3), START))

ANNS_WEBHOOK = Webhook(
    account="ann",
    id="0199" + "c" * 24,
    url="https://receiver.example/hook?for=ann",
    market="rain",
    types=("trade",),
    secret="whsec_" + "A" * 43 + "=",
    former_secret=None,
    former_until=None,
    status=WebhookStatus.ACTIVE,
    last_error=None,
    start=3,
    epoch=0,
    created_at=START,
    version=0,
)
ANNS_WEBHOOKS = WebhookList("ann", (ANNS_WEBHOOK.id,), 3)
ANNS_CHECKPOINT = WebhookCheckpoint("ann", ANNS_WEBHOOK.id, "rain", 5, 2, 1, START + timedelta(minutes=5), 4)
ANNS_DELIVERY = Delivery("ann", ANNS_WEBHOOK.id, "0199" + "d" * 24, "rain", 6, 2, 500, "the answer was 500", START)

RECORDS: tuple[object, ...] = (
    ANN,
    RAIN,
    RAIN_BOOK,
    ANNS_RAIN,
    RAIN_TALLY,
    ANNS_COMMAND,
    ANNS_ENTRY,
    RAIN_PUBLISHED,
    RAIN_CANDLE,
    RAIN_PRICES,
    ANNS_SUM,
    WALK,
    ANNS_KEY,
    INVITED,
    LINKS,
    SECRET,
    RAIN_VERDICT,
    ANNS_COMMENT,
    ANNS_COMMENTS,
    ANN_FORGOTTEN,
    RAIN_POST,
    ANNS_FORECASTS,
    ANNS_RESULT,
    ANNS_TRACK_RECORD,
    RAIN_FOLD,
    ANNS_WEBHOOK,
    ANNS_WEBHOOKS,
    ANNS_CHECKPOINT,
    ANNS_DELIVERY,
)
"""One of each type, in an order in which each may refer to those before it."""

PLANTED = tuple(Insert(record) for record in RECORDS)
"""The transaction that stores them all."""


def draft(slug: str, creator: str = "ann", **changes: Any) -> Market:
    """A draft that nobody has touched yet."""
    fresh = replace(RAIN, slug=slug, creator=creator, status=MarketStatus.DRAFT, published_at=None, revision=0)
    return replace(fresh, **changes)


OUTCOMES = tuple(f"{number:02}" + "🏆" * 38 for number in range(20))
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
FULL_MARKET = Market(
    slug="m" * 64,
    name="🌧" * 120,
    description=(ODD_TEXT * 200)[:10_000],
    rules="𐍈" * 10_000,
    outcomes=OUTCOMES,
    liquidity=1_000_000 * MICROS,
    creator="a" * 64,
    tags=tuple(f"{number:032}" for number in range(10)),
    status=MarketStatus.SETTLING,
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
    published_at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    closes_at=LAST_INSTANT,
    resolution=Resolution(tuple(MICROS // 20 for _ in OUTCOMES), "𐍈" * 1_000, START, LAST_INSTANT),
    revision=2**31,
    clarifications=tuple(Clarification("𐍈" * 2_000, LAST_INSTANT) for _ in range(20)),
    withdrawals=2**31,
)
FULL_BOOK = Book(
    slug=FULL_MARKET.slug,
    outcomes=OUTCOMES,
    quantities=(HUGE, 0, 1, *(HUGE - number for number in range(17))),
    liquidity=1_000_000 * MICROS,
    pool=Money(HUGE),
    subsidy=Money(HUGE - 1),
    staked=Money(HUGE - 2),
    volume=Money(HUGE - 3),
    holders=HUGE - 4,
    status=MarketStatus.SETTLING,
    closes_at=LAST_INSTANT,
    version=HUGE - 5,
    revision=2**31,
    head="f" * 64,
)
FULL_ACCOUNT = Account("a" * 64, Money(HUGE), HUGE - 1, 1000, START)
FULL_POSITION = Position(
    account=FULL_ACCOUNT.id,
    market=FULL_MARKET.slug,
    quantities=FULL_BOOK.quantities,
    spent=(Money(HUGE), Money(-HUGE), Money(-1), *(Money(number) for number in range(17))),
    version=HUGE,
)
FULL_TALLY = Tally(FULL_MARKET.slug, 15, HUGE, FULL_BOOK.quantities, Money(-HUGE), Money(HUGE), HUGE - 1)
FULL_TRADE = Trade(
    id="d" * 32,
    market=FULL_MARKET.slug,
    account=FULL_ACCOUNT.id,
    outcome=OUTCOMES[19],
    side=Side.SELL,
    quantity=HUGE,
    amount=Money(HUGE),
    prices_after=tuple(OutcomePrice(outcome, number) for number, outcome in enumerate(OUTCOMES)),
    version=HUGE,
    digest=NO_TRADE_DIGEST,
    created_at=START,
)
FULL_ORDER = Order(
    id="d" * 32,
    market=FULL_MARKET.slug,
    account=FULL_ACCOUNT.id,
    outcome=OUTCOMES[0],
    side=Side.BUY,
    status=OrderStatus.PARTIALLY_FILLED,
    quantity=HUGE,
    filled_quantity=HUGE - 1,
    amount=Money(HUGE),
    trades=(FULL_TRADE, replace(FULL_TRADE, version=1, side=Side.BUY)),
    balance=Money(0),
    created_at=LAST_INSTANT,
)
FULL_ENTRY = JournalEntry(
    account=FULL_ACCOUNT.id,
    seq=HUGE,
    kind=EntryKind.SELL,
    postings=(Posting(FULL_ACCOUNT.id, Money(HUGE)), Posting(f"market:{FULL_MARKET.slug}", Money(-HUGE))),
    balance_after=Money(HUGE),
    market=FULL_MARKET.slug,
    reason=(ODD_TEXT * 5)[:200],
    created_at=datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    trade=FULL_TRADE,
)
FULL_KEY = ApiKey(
    account=FULL_ACCOUNT.id,
    id="f" * 28,
    name=ODD_TEXT[:120],
    scopes=tuple(Scope),
    roles=tuple(Role),
    digest="f" * 64,
    created_at=START,
    expires_at=LAST_INSTANT,
    last_used_at=LAST_INSTANT,
    version=HUGE,
)
FULL_INVITATION = Invitation("f" * 28, HUGE, HUGE, tuple(Role), START, LAST_INSTANT, HUGE)
FULL_EVENT = MarketChanged(FULL_MARKET.slug, 2**31, MarketStatus.VOIDED, "a" * 64, LAST_INSTANT)
ANSWERS = (
    OpenedAccount(FULL_ACCOUNT, created=False),
    OpenedAccount(FULL_ACCOUNT, created=True),
    Listing(FULL_MARKET, FULL_BOOK),
    Listing(replace(FULL_MARKET, resolution=Resolution(None, ODD_TEXT, START)), FULL_BOOK),
    FULL_ORDER,
    replace(FULL_ORDER, trades=()),
    FULL_ENTRY,
    replace(FULL_ENTRY, trade=None, market=None, reason=None),
)
ELSEWHERE = timezone(timedelta(hours=5, minutes=45))
