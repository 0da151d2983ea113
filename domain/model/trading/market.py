"""A market as people read it, and its life: draft, active, closed, settling, resolved or voided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from domain.model.kernel.errors import (
    AlreadyResolvedError,
    HiddenCharactersError,
    InvalidMarketError,
    InvalidResolutionError,
    MarketAlreadyPublishedError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.names import has_hidden, is_slug, look_of
from domain.model.kernel.notation import format_micros, format_time
from domain.model.kernel.record import record
from domain.model.kernel.words import search_words
from domain.model.trading.lmsr import worst_loss

MIN_OUTCOMES, MAX_OUTCOMES = 2, 20
MIN_LIQUIDITY, MAX_LIQUIDITY = MICROS, 1_000_000 * MICROS
MAX_NAME, MAX_TEXT, MAX_OUTCOME_NAME, MAX_TAGS, MAX_TAG = 120, 10_000, 40, 10, 32
MAX_REASON = 200
MAX_RESOLUTION_REASON, MAX_CLARIFICATION, MAX_CLARIFICATIONS = 1_000, 2_000, 20
NO_APPEAL = timedelta()


class MarketStatus(Enum):
    """Where a market is in its life."""

    DRAFT = "DRAFT"
    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"
    SETTLING = "SETTLING"
    RESOLVED = "RESOLVED"
    VOIDED = "VOIDED"


DECIDED = frozenset({MarketStatus.SETTLING, MarketStatus.RESOLVED, MarketStatus.VOIDED})
"""The statuses of a market whose outcome is decided, paid out or not."""
FINAL = DECIDED - {MarketStatus.SETTLING}
"""The statuses of a market that is paid out."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What was decided.

    Args:
        payouts: what one share of each outcome pays, in millionths, in the market's order; None when voided.
        reason: why it was voided, or why this outcome; None where nobody said.
        resolved_at: when it was decided.
        settles_at: when payouts begin; until then the decision may be withdrawn. None where there are no appeals: at
            ``resolved_at``.
    """

    payouts: tuple[int, ...] | None
    reason: str | None
    resolved_at: datetime
    settles_at: datetime | None = None

    @property
    def payable_at(self) -> datetime:
        """When payouts begin."""
        return self.settles_at or self.resolved_at

    @property
    def is_appealable(self) -> bool:
        """Whether there is any time in which it may be withdrawn."""
        return self.payable_at > self.resolved_at


def resolution_document(resolution: Resolution, outcomes: Sequence[str]) -> dict[str, object]:
    """What was decided, as everybody is shown it."""
    payouts = resolution.payouts and zip(outcomes, map(format_micros, resolution.payouts), strict=True)
    return {
        "payouts": dict(payouts) if payouts else None,
        "reason": resolution.reason,
        "resolved_at": format_time(resolution.resolved_at),
        "settles_at": format_time(resolution.payable_at),
    }


@dataclass(frozen=True, slots=True)
class Clarification:
    """What was added to the rules of a published market.

    Args:
        text: 1 to 2 000 characters.
        created_at: when.
    """

    text: str
    created_at: datetime


@record("market", key=("slug",), counters=("revision",))
@dataclass(frozen=True, slots=True)
class Market:
    """What people read of a market, and where it is in its life.

    Args:
        slug: its name in addresses; never changes.
        name: the question.
        description: what it is about.
        rules: how it will be resolved.
        outcomes: the names of its 2 to 20 outcomes, in order.
        liquidity: the market maker's b, in micro-credits.
        creator: the account that drafts it, funds it and may resolve it.
        tags: up to ten slugs.
        status: the stored status; :func:`status_at` says what it reads at an instant.
        created_at: when it was drafted.
        published_at: when trading began, None in DRAFT.
        closes_at: the instant from which it takes no orders, None for until closed by hand.
        resolution: what was decided, None until then.
        revision: counts the changes to the market itself, from 0; trades do not count.
        clarifications: what was added to its rules since it was published, oldest first; at most 20.
        withdrawals: how many decisions of its outcome were withdrawn.
    """

    slug: str
    name: str
    description: str
    rules: str
    outcomes: tuple[str, ...]
    liquidity: int
    creator: str
    tags: tuple[str, ...]
    status: MarketStatus
    created_at: datetime
    published_at: datetime | None
    closes_at: datetime | None
    resolution: Resolution | None
    revision: int
    clarifications: tuple[Clarification, ...] = ()
    withdrawals: int = 0


@dataclass(frozen=True, slots=True)
class MarketDefinition:
    """What a creator says of a market; see :class:`Market` for the members."""

    name: str
    description: str = ""
    rules: str = ""
    outcomes: tuple[str, ...] = ("YES", "NO")
    liquidity: int = 100 * MICROS
    closes_at: datetime | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarketChanges:
    """What to change of a draft; None keeps what there is. See :class:`Market` for the members.

    Args:
        clears_closes_at: takes the closing time away, whatever ``closes_at`` says.
    """

    name: str | None = None
    description: str | None = None
    rules: str | None = None
    outcomes: tuple[str, ...] | None = None
    liquidity: int | None = None
    closes_at: datetime | None = None
    clears_closes_at: bool = False
    tags: tuple[str, ...] | None = None


def create_market(slug: str, definition: MarketDefinition, creator: str, now: datetime) -> Market:
    """A new draft.

    Raises:
        InvalidMarketError: the slug or the definition breaks a rule.
    """
    if not is_slug(slug):
        raise InvalidMarketError("A slug has 1 to 64 lower-case letters, digits and inner hyphens.")
    _check_definition(definition, now)
    return Market(
        slug=slug,
        name=definition.name,
        description=definition.description,
        rules=definition.rules,
        outcomes=definition.outcomes,
        liquidity=definition.liquidity,
        creator=creator,
        tags=definition.tags,
        status=MarketStatus.DRAFT,
        created_at=now,
        published_at=None,
        closes_at=definition.closes_at,
        resolution=None,
        revision=0,
    )


def edit_market(draft: Market, changes: MarketChanges, now: datetime) -> Market:
    """The draft with some of its definition changed.

    Raises:
        MarketAlreadyPublishedError: it is no draft.
        InvalidMarketError: what comes of it breaks a rule.
    """
    _require_draft(draft)
    definition = MarketDefinition(
        name=_or_keep(changes.name, draft.name),
        description=_or_keep(changes.description, draft.description),
        rules=_or_keep(changes.rules, draft.rules),
        outcomes=_or_keep(changes.outcomes, draft.outcomes),
        liquidity=_or_keep(changes.liquidity, draft.liquidity),
        closes_at=None if changes.clears_closes_at else _or_keep(changes.closes_at, draft.closes_at),
        tags=_or_keep(changes.tags, draft.tags),
    )
    edited = create_market(draft.slug, definition, draft.creator, now)
    return replace(edited, created_at=draft.created_at, revision=draft.revision + 1)


def publish_market(market: Market, now: datetime) -> Market:
    """The market, open for trading.

    Raises:
        MarketAlreadyPublishedError: it is no draft.
        InvalidMarketError: its closing time has passed.
    """
    _require_draft(market)
    _check_closing(market.closes_at, now)
    return replace(market, status=MarketStatus.ACTIVE, published_at=now, revision=market.revision + 1)


def close_market(market: Market, now: datetime) -> Market:
    """The market, taking no more orders until it is reopened.

    Raises:
        MarketNotOpenError: it is a draft, or closed already.
        AlreadyResolvedError: its outcome is decided.
    """
    _require_undecided(market)
    if status_at(market, now) is not MarketStatus.ACTIVE:
        raise MarketNotOpenError(f"The market {market.slug!r} is {status_at(market, now).value}: nothing to close.")
    return replace(market, status=MarketStatus.CLOSED, revision=market.revision + 1)


def reopen_market(market: Market, closes_at: datetime | None, now: datetime) -> Market:
    """The market, taking orders again.

    Args:
        market: a closed market.
        closes_at: when it closes again; None for until closed by hand.
        now: the present instant.

    Raises:
        MarketNotOpenError: it is a draft.
        MarketAlreadyPublishedError: it is open.
        AlreadyResolvedError: its outcome is decided.
        InvalidMarketError: the closing time has passed.
    """
    _require_undecided(market)
    if status_at(market, now) is MarketStatus.ACTIVE:
        raise MarketAlreadyPublishedError(f"The market {market.slug!r} is open.")
    _check_closing(closes_at, now)
    return replace(market, status=MarketStatus.ACTIVE, closes_at=closes_at, revision=market.revision + 1)


def clarify_market(market: Market, text: str, now: datetime) -> Market:
    """The market with one more clarification of its rules.

    Args:
        market: a published market that is not paid out.
        text: 1 to 2 000 characters.
        now: the present instant.

    Raises:
        MarketNotOpenError: it is a draft.
        AlreadyResolvedError: it is paid out.
        InvalidMarketError: the text is empty or too long, or there are 20 clarifications already.
    """
    _require_published(market)
    if market.status in FINAL:
        raise AlreadyResolvedError(f"The market {market.slug!r} is paid out. Its rules are history.")
    if not 1 <= len(text) <= MAX_CLARIFICATION or "\x00" in text:
        raise InvalidMarketError(f"A clarification has 1 to {MAX_CLARIFICATION} characters and no NUL.")
    if len(market.clarifications) == MAX_CLARIFICATIONS:
        raise InvalidMarketError(f"A market has at most {MAX_CLARIFICATIONS} clarifications.")
    clarifications = (*market.clarifications, Clarification(text, now))
    return replace(market, clarifications=clarifications, revision=market.revision + 1)


def void_market(market: Market, reason: str, now: datetime, appeal: timedelta = NO_APPEAL) -> Market:
    """The market, called off, ready for its refunds once the time for appeals is over.

    Raises:
        MarketNotOpenError: it is a draft.
        AlreadyResolvedError: its outcome is decided.
    """
    _require_undecided(market)
    return _decide(market, Resolution(None, reason, now, _settles_at(now, appeal)))


def close_expired_market(market: Market, now: datetime) -> Market | None:
    """The market, stored as CLOSED once its time has come; None when there is nothing to close."""
    if market.status is status_at(market, now):
        return None
    return replace(market, status=MarketStatus.CLOSED, revision=market.revision + 1)


def resolve_market(
    market: Market,
    decision: str | Mapping[str, int],
    now: datetime,
    *,
    reason: str | None = None,
    appeal: timedelta = NO_APPEAL,
) -> Market:
    """The market with its outcome decided, ready to be settled once the time for appeals is over.

    Args:
        market: a published market that is not decided yet.
        decision: the outcome that happened, or what one share of each outcome pays, in millionths, keyed by
            outcome: each of them, and the sum is exactly one.
        now: the instant of the decision.
        reason: why, and where it can be looked up; 1 to 1 000 characters.
        appeal: how long the decision may be withdrawn before anything is paid.

    Raises:
        MarketNotOpenError: it is a draft.
        AlreadyResolvedError: its outcome is decided.
        InvalidResolutionError: an outcome is unknown or missing, or the sum is not one.
    """
    _require_undecided(market)
    vector = _winner_takes_all(market, decision) if isinstance(decision, str) else _payout_vector(market, decision)
    return _decide(market, Resolution(vector, reason, now, _settles_at(now, appeal)))


def withdraw_resolution(market: Market, now: datetime) -> Market:
    """The market without its decision: closed, to be decided anew.

    Raises:
        MarketNotOpenError: it is not decided.
        AlreadyResolvedError: the time for appeals is over, or there was none.
    """
    if market.resolution is None or market.status not in DECIDED:
        raise MarketNotOpenError(f"The market {market.slug!r} is not decided: there is nothing to withdraw.")
    if market.status in FINAL or not market.resolution.is_appealable or now >= market.resolution.payable_at:
        raise AlreadyResolvedError(f"The decision on {market.slug!r} stands: the time to withdraw it is over.")
    return replace(
        market,
        status=MarketStatus.CLOSED,
        resolution=None,
        revision=market.revision + 1,
        withdrawals=market.withdrawals + 1,
    )


def settle_market(market: Market) -> Market:
    """The market once everybody is paid: RESOLVED, or VOIDED when nothing was decided."""
    voided = market.resolution is not None and market.resolution.payouts is None
    final = MarketStatus.VOIDED if voided else MarketStatus.RESOLVED
    return replace(market, status=final, revision=market.revision + 1)


def status_at(market: Market, now: datetime) -> MarketStatus:
    """What the status reads at an instant: the clock closes a market, whoever notices it first."""
    return effective_status(market.status, market.closes_at, now)


def effective_status(status: MarketStatus, closes_at: datetime | None, now: datetime) -> MarketStatus:
    """The stored status, with ACTIVE read as CLOSED from the closing time on."""
    expired = status is MarketStatus.ACTIVE and closes_at is not None and closes_at <= now
    return MarketStatus.CLOSED if expired else status


def words_of(market: Market) -> tuple[str, ...]:
    """The words by which a market is found: those of its name, its tags and its slug."""
    return search_words(market.name, market.slug, *market.tags)


def matches_words(market: Market, words: Sequence[str]) -> bool:
    """Whether each of these folded words begins one of the market's."""
    own = words_of(market)
    return all(any(word.startswith(wanted) for word in own) for wanted in words)


def market_subsidy(market: Market) -> Money:
    """What publishing escrows: the market maker's worst loss."""
    return Money(worst_loss(market.liquidity, len(market.outcomes)))


def _winner_takes_all(market: Market, winner: str) -> tuple[int, ...]:
    if winner not in market.outcomes:
        raise InvalidResolutionError(f"The market has no outcome {winner!r}. It has: {', '.join(market.outcomes)}.")
    return tuple(MICROS if outcome == winner else 0 for outcome in market.outcomes)


def _payout_vector(market: Market, payouts: Mapping[str, int]) -> tuple[int, ...]:
    if set(payouts) != set(market.outcomes):
        names = ", ".join(market.outcomes)
        raise InvalidResolutionError(f"The payouts must name each outcome of the market just once: {names}.")
    vector = tuple(payouts[name] for name in market.outcomes)
    if min(vector) < 0 or sum(vector) != MICROS:
        raise InvalidResolutionError("The payouts must be between 0 and 1 and sum to exactly 1.")
    return vector


def _require_draft(market: Market) -> None:
    if market.status is not MarketStatus.DRAFT:
        raise MarketAlreadyPublishedError(f"The market {market.slug!r} is already published.")


def _or_keep[T](changed: T | None, kept: T) -> T:
    return kept if changed is None else changed


def _settles_at(now: datetime, appeal: timedelta) -> datetime | None:
    return now + appeal if appeal else None


def _decide(market: Market, resolution: Resolution) -> Market:
    return replace(market, status=MarketStatus.SETTLING, resolution=resolution, revision=market.revision + 1)


def _require_published(market: Market) -> None:
    if market.status is MarketStatus.DRAFT:
        raise MarketNotOpenError(f"The market {market.slug!r} is a draft. Publish it first.")


def _require_undecided(market: Market) -> None:
    _require_published(market)
    if market.status in DECIDED:
        raise AlreadyResolvedError(f"The outcome of the market {market.slug!r} is already decided.")


def _check_definition(definition: MarketDefinition, now: datetime) -> None:
    _check_length("name", definition.name, 1, MAX_NAME)
    _check_length("description", definition.description, 0, MAX_TEXT)
    _check_length("rules", definition.rules, 0, MAX_TEXT)
    _check_outcomes(definition.outcomes)
    if not MIN_LIQUIDITY <= definition.liquidity <= MAX_LIQUIDITY:
        raise InvalidMarketError("The liquidity must be between 1 and 1 000 000 credits.")
    if len(definition.tags) > MAX_TAGS or not all(is_slug(tag) and len(tag) <= MAX_TAG for tag in definition.tags):
        raise InvalidMarketError(f"A market has at most {MAX_TAGS} tags, each a slug of at most {MAX_TAG} characters.")
    _check_closing(definition.closes_at, now)


def _check_outcomes(outcomes: Sequence[str]) -> None:
    if not MIN_OUTCOMES <= len(outcomes) <= MAX_OUTCOMES:
        raise InvalidMarketError(f"A market has {MIN_OUTCOMES} to {MAX_OUTCOMES} outcomes.")
    for outcome in outcomes:
        _check_length("outcome", outcome, 1, MAX_OUTCOME_NAME)
        if has_hidden(outcome):
            raise HiddenCharactersError
    looks: dict[str, str] = {}
    for outcome in outcomes:
        if (other := looks.get(look_of(outcome))) is not None:
            raise InvalidMarketError(f"Each outcome needs a name of its own: {other!r} and {outcome!r} look the same.")
        looks[look_of(outcome)] = outcome


def _check_length(what: str, text: str, shortest: int, longest: int) -> None:
    if len(text) > longest or (shortest and not text.strip()) or "\x00" in text:
        raise InvalidMarketError(
            f"The {what} must have {shortest} to {longest} characters, not only blanks and no NUL."
        )


def _check_closing(closes_at: datetime | None, now: datetime) -> None:
    if closes_at is not None and closes_at <= now:
        raise InvalidMarketError("The closing time is not in the future. Choose a later one, or none.")
