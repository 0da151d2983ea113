from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.kernel.errors import (
    AlreadyResolvedError,
    InvalidMarketError,
    InvalidResolutionError,
    MarketAlreadyPublishedError,
    MarketNotOpenError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.names import is_slug
from domain.model.trading.market import (
    DECIDED,
    Market,
    MarketChanges,
    MarketDefinition,
    MarketStatus,
    Resolution,
    close_expired_market,
    close_market,
    create_market,
    edit_market,
    effective_status,
    market_subsidy,
    publish_market,
    reopen_market,
    resolve_market,
    settle_market,
    status_at,
    void_market,
)
from tests.unit.model.builders import LATER, NOW, active_market, draft_market

VALID = MarketDefinition("Will it rain?")
MOMENT = timedelta(microseconds=1)


class TestSlugs:
    @pytest.mark.parametrize("slug", ["a", "0", "a-b", "a--b", "will-it-rain-2026", "a" * 64, "a" + "-" * 62 + "b"])
    def test_valid(self, slug: str) -> None:
        """A slug has 1 to 64 lower-case letters, digits and inner hyphens."""
        assert is_slug(slug)
        assert create_market(slug, VALID, "carol", NOW).slug == slug

    @pytest.mark.parametrize(
        "slug", ["", "-", "-a", "a-", "A", "a_b", "a b", "a.b", "ä", "a\n", "\na", "a/b", "a" * 65, "٣", "market:a"]
    )
    def test_invalid(self, slug: str) -> None:
        """Nothing else is a slug: no hyphen outside, no other letter or digit, no line end, not too long."""
        assert not is_slug(slug)
        with pytest.raises(InvalidMarketError) as refusal:
            create_market(slug, VALID, "carol", NOW)
        assert refusal.value.code == "invalid-market"


class TestCreation:
    def test_a_draft_is_what_was_defined(self) -> None:
        """A new market is a draft with everything its creator said, at revision 0."""
        definition = MarketDefinition(
            "Who wins?", "A race.", "First over the line.", ("A", "B", "C"), 5 * MICROS, LATER, ("sport", "race")
        )
        assert create_market("race", definition, "carol", NOW) == Market(
            slug="race",
            name="Who wins?",
            description="A race.",
            rules="First over the line.",
            outcomes=("A", "B", "C"),
            liquidity=5 * MICROS,
            creator="carol",
            tags=("sport", "race"),
            status=MarketStatus.DRAFT,
            created_at=NOW,
            published_at=None,
            closes_at=LATER,
            resolution=None,
            revision=0,
        )

    def test_defaults(self) -> None:
        """A name is enough: then it is YES or NO, with 100 credits of liquidity, until closed by hand."""
        market = create_market("rain", VALID, "carol", NOW)
        assert (market.outcomes, market.liquidity, market.closes_at) == (("YES", "NO"), 100 * MICROS, None)

    @pytest.mark.parametrize(
        "definition",
        [
            replace(VALID, name="x"),
            replace(VALID, name="x" * 120),
            replace(VALID, name=" ❄ "),
            replace(VALID, name="🎌" * 120),
            replace(VALID, description="x" * 10_000, rules="x" * 10_000),
            replace(VALID, description=" "),
            replace(VALID, outcomes=("x" * 40, "y" * 40)),
            replace(VALID, outcomes=("yes", "YES", "Yes ")),
            replace(VALID, outcomes=tuple(str(number) for number in range(20))),
            replace(VALID, liquidity=MICROS),
            replace(VALID, liquidity=1_000_000 * MICROS),
            replace(VALID, tags=tuple("abcdefghij")),
            replace(VALID, tags=("x" * 32,)),
            replace(VALID, closes_at=NOW + MOMENT),
        ],
    )
    def test_limits_are_allowed(self, definition: MarketDefinition) -> None:
        """What is just within a limit is accepted and kept as it is; names compare exactly."""
        market = create_market("rain", definition, "carol", NOW)
        assert (market.name, market.outcomes, market.tags) == (definition.name, definition.outcomes, definition.tags)
        assert (market.liquidity, market.closes_at) == (definition.liquidity, definition.closes_at)

    @pytest.mark.parametrize(
        "definition",
        [
            replace(VALID, name=""),
            replace(VALID, name=" \t\n\u3000"),
            replace(VALID, name="x" * 121),
            replace(VALID, name="rain\x00"),
            replace(VALID, description="x" * 10_001),
            replace(VALID, description="\x00"),
            replace(VALID, rules="x" * 10_001),
            replace(VALID, rules="a\x00b"),
            replace(VALID, outcomes=()),
            replace(VALID, outcomes=("YES",)),
            replace(VALID, outcomes=("YES", "NO", "YES")),
            replace(VALID, outcomes=("YES", "")),
            replace(VALID, outcomes=("YES", "  ")),
            replace(VALID, outcomes=("YES", "x" * 41)),
            replace(VALID, outcomes=("Zu\u0308rich", "Z\u00fcrich")),
            replace(VALID, outcomes=("Paris", "\uff30aris")),
            replace(VALID, outcomes=("A B", "A\u00a0B")),
            replace(VALID, outcomes=("\u2764", "\u2764\ufe0f")),
            replace(VALID, outcomes=("YES", "N\x00")),
            replace(VALID, outcomes=tuple(str(number) for number in range(21))),
            replace(VALID, liquidity=MICROS - 1),
            replace(VALID, liquidity=0),
            replace(VALID, liquidity=-MICROS),
            replace(VALID, liquidity=1_000_000 * MICROS + 1),
            replace(VALID, tags=tuple("abcdefghijk")),
            replace(VALID, tags=("x" * 33,)),
            replace(VALID, tags=("Sport",)),
            replace(VALID, tags=("sport", "")),
            replace(VALID, closes_at=NOW),
            replace(VALID, closes_at=NOW - MOMENT),
        ],
    )
    def test_beyond_the_limits_is_refused(self, definition: MarketDefinition) -> None:
        """What is just beyond a limit, blank, doubled, without a name or in the past is an invalid market."""
        with pytest.raises(InvalidMarketError) as refusal:
            create_market("rain", definition, "carol", NOW)
        assert refusal.value.code == "invalid-market"
        assert str(refusal.value)


class TestLife:
    def test_publishing_opens_a_draft(self) -> None:
        """A published draft trades from that instant, one revision on; nothing else of it changes."""
        draft = draft_market(closes_at=LATER)
        published = publish_market(draft, NOW + MOMENT)
        assert published == replace(draft, status=MarketStatus.ACTIVE, published_at=NOW + MOMENT, revision=1)

    @pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.DRAFT])
    def test_publishing_happens_once(self, status: MarketStatus) -> None:
        """Only a draft can be published, whatever has become of the market since."""
        with pytest.raises(MarketAlreadyPublishedError) as refusal:
            publish_market(replace(active_market(), status=status), NOW)
        assert refusal.value.code == "already-published"

    def test_a_draft_can_come_too_late(self) -> None:
        """A draft that was valid cannot be published from its closing time on."""
        draft = draft_market(closes_at=LATER)
        assert publish_market(draft, LATER - MOMENT).status is MarketStatus.ACTIVE
        with pytest.raises(InvalidMarketError) as refusal:
            publish_market(draft, LATER)
        assert refusal.value.code == "invalid-market"

    def test_subsidy_is_the_worst_loss(self) -> None:
        """Publishing costs b ln n, rounded up to the micro-credit: the most the market maker can lose."""
        assert market_subsidy(draft_market()) == Money(69_314_719)
        assert market_subsidy(draft_market(("A", "B", "C", "D"))) == Money(138_629_437)

    def test_the_clock_closes_a_market(self) -> None:
        """From its closing time on an open market reads CLOSED; what is stored does not matter for that."""
        market = active_market(closes_at=LATER)
        assert status_at(market, LATER - MOMENT) is MarketStatus.ACTIVE
        assert status_at(market, LATER) is MarketStatus.CLOSED
        assert market.status is MarketStatus.ACTIVE

    @pytest.mark.parametrize("status", MarketStatus)
    def test_the_clock_changes_nothing_else(self, status: MarketStatus) -> None:
        """No status but ACTIVE depends on the clock, and without a closing time none does."""
        assert effective_status(status, None, NOW) is status
        expected = MarketStatus.CLOSED if status is MarketStatus.ACTIVE else status
        assert effective_status(status, NOW - MOMENT, NOW) is expected

    def test_closing_by_hand(self) -> None:
        """An open market can be closed, which is one revision."""
        market = active_market()
        assert close_market(market, NOW) == replace(market, status=MarketStatus.CLOSED, revision=2)

    @pytest.mark.parametrize(
        "market",
        [draft_market(), replace(active_market(), status=MarketStatus.CLOSED), active_market(closes_at=LATER)],
        ids=["draft", "closed by hand", "closed by the clock"],
    )
    def test_closing_what_is_not_open(self, market: Market) -> None:
        """A draft, or a market that is closed already, by hand or by the clock, cannot be closed."""
        with pytest.raises(MarketNotOpenError) as refusal:
            close_market(market, LATER)
        assert refusal.value.code == "market-not-open"

    @pytest.mark.parametrize("status", [status for status in MarketStatus if status in DECIDED])
    def test_nothing_follows_a_decision(self, status: MarketStatus) -> None:
        """Once decided, a market is neither closed nor decided again."""
        decided = replace(active_market(), status=status)
        with pytest.raises(AlreadyResolvedError) as refusal:
            close_market(decided, NOW)
        assert refusal.value.code == "already-resolved"
        with pytest.raises(AlreadyResolvedError):
            resolve_market(decided, "YES", NOW)
        with pytest.raises(AlreadyResolvedError):
            reopen_market(decided, None, NOW)
        with pytest.raises(AlreadyResolvedError):
            void_market(decided, "Too late.", NOW)
        assert close_expired_market(replace(decided, closes_at=NOW), NOW) is None

    @pytest.mark.parametrize("closes_at", [None, LATER + MOMENT])
    @pytest.mark.parametrize(
        "market",
        [close_market(active_market(closes_at=LATER + MOMENT), NOW), active_market(closes_at=LATER)],
        ids=["closed by hand", "closed by the clock"],
    )
    def test_reopening(self, market: Market, closes_at: datetime | None) -> None:
        """A closed market opens again, until the time that is given and not until the one it had."""
        reopened = reopen_market(market, closes_at, LATER)
        expected = replace(market, status=MarketStatus.ACTIVE, closes_at=closes_at, revision=market.revision + 1)
        assert reopened == expected
        assert status_at(reopened, LATER) is MarketStatus.ACTIVE

    def test_reopening_until_now(self) -> None:
        """A closing time must be in the future, to the microsecond."""
        closed = close_market(active_market(), NOW)
        for closes_at in (LATER, LATER - MOMENT):
            with pytest.raises(InvalidMarketError) as refusal:
                reopen_market(closed, closes_at, LATER)
            assert refusal.value.code == "invalid-market"

    def test_reopening_what_was_never_closed(self) -> None:
        """A draft is not open yet, and an open market is open already until its closing time."""
        with pytest.raises(MarketNotOpenError):
            reopen_market(draft_market(), None, NOW)
        market = active_market(closes_at=LATER)
        with pytest.raises(MarketAlreadyPublishedError) as refusal:
            reopen_market(market, None, LATER - MOMENT)
        assert refusal.value.code == "already-published"
        assert reopen_market(market, None, LATER).status is MarketStatus.ACTIVE

    def test_the_clocks_closing_is_written_down(self) -> None:
        """From its closing time on, an open market is stored as CLOSED, which is one revision; not before."""
        market = active_market(closes_at=LATER)
        assert close_expired_market(market, LATER - MOMENT) is None
        assert close_expired_market(market, LATER) == replace(market, status=MarketStatus.CLOSED, revision=2)
        assert close_expired_market(active_market(), LATER) is None

    @pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.ACTIVE])
    def test_nothing_else_expires(self, status: MarketStatus) -> None:
        """Only an open market is closed by the clock, a draft is not."""
        assert close_expired_market(replace(active_market(closes_at=LATER), status=status), LATER) is None


class TestEditing:
    DRAFT = create_market(
        "rain", replace(VALID, description="A.", rules="B.", closes_at=LATER, tags=("c",)), "ann", NOW
    )

    @pytest.mark.parametrize(
        ("changes", "after"),
        [
            (MarketChanges(), {}),
            (MarketChanges(name="x"), {"name": "x"}),
            (MarketChanges(description=""), {"description": ""}),
            (MarketChanges(rules="x"), {"rules": "x"}),
            (MarketChanges(outcomes=("A", "B", "C")), {"outcomes": ("A", "B", "C")}),
            (MarketChanges(liquidity=MICROS), {"liquidity": MICROS}),
            (MarketChanges(closes_at=LATER + MOMENT), {"closes_at": LATER + MOMENT}),
            (MarketChanges(clears_closes_at=True), {"closes_at": None}),
            (MarketChanges(closes_at=LATER + MOMENT, clears_closes_at=True), {"closes_at": None}),
            (MarketChanges(tags=()), {"tags": ()}),
        ],
    )
    def test_what_is_not_named_is_kept(self, changes: MarketChanges, after: dict[str, Any]) -> None:
        """A draft keeps what the changes do not name, and when and by whom it was drafted; it is one revision on."""
        assert edit_market(self.DRAFT, changes, LATER - MOMENT) == replace(self.DRAFT, **after, revision=1)

    @pytest.mark.parametrize(
        "changes",
        [
            MarketChanges(name=""),
            MarketChanges(name=" "),
            MarketChanges(description="x" * 10_001),
            MarketChanges(rules="\x00"),
            MarketChanges(outcomes=("A", "A")),
            MarketChanges(outcomes=()),
            MarketChanges(liquidity=0),
            MarketChanges(closes_at=NOW),
            MarketChanges(tags=("C",)),
        ],
    )
    def test_an_edit_is_held_to_the_rules(self, changes: MarketChanges) -> None:
        """What a new draft may not be, no edit makes of it."""
        with pytest.raises(InvalidMarketError) as refusal:
            edit_market(self.DRAFT, changes, NOW)
        assert refusal.value.code == "invalid-market"

    def test_a_draft_can_expire_before_it_is_edited(self) -> None:
        """A draft whose closing time has come is invalid until that is changed as well."""
        with pytest.raises(InvalidMarketError):
            edit_market(self.DRAFT, MarketChanges(name="x"), LATER)
        edited = edit_market(self.DRAFT, MarketChanges(name="x", closes_at=LATER + MOMENT), LATER)
        assert (edited.name, edited.closes_at) == ("x", LATER + MOMENT)

    @pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.DRAFT])
    def test_only_drafts_are_edited(self, status: MarketStatus) -> None:
        """Once published, a market stays what people trade on, and that is told before what the changes are."""
        with pytest.raises(MarketAlreadyPublishedError) as refusal:
            edit_market(replace(self.DRAFT, status=status), MarketChanges(name=""), NOW)
        assert refusal.value.code == "already-published"


class TestVoiding:
    @pytest.mark.parametrize(
        "market",
        [active_market(), active_market(closes_at=LATER), close_market(active_market(), NOW)],
        ids=["open", "closed by the clock", "closed by hand"],
    )
    def test_a_market_is_called_off(self, market: Market) -> None:
        """A published market settles with a reason and without payouts, open or closed, and ends VOIDED."""
        voided = void_market(market, "No umpire came.", LATER)
        resolution = Resolution(None, "No umpire came.", LATER)
        assert voided == replace(
            market, status=MarketStatus.SETTLING, resolution=resolution, revision=market.revision + 1
        )
        assert settle_market(voided).status is MarketStatus.VOIDED

    def test_a_draft_is_not_called_off(self) -> None:
        """What was never open has nothing to give back."""
        with pytest.raises(MarketNotOpenError) as refusal:
            void_market(draft_market(), "Never mind.", NOW)
        assert refusal.value.code == "market-not-open"


class TestResolution:
    @pytest.mark.parametrize(
        "market",
        [
            active_market(closes_at=LATER + MOMENT),
            active_market(closes_at=LATER - MOMENT),
            close_market(active_market(), NOW),
        ],
        ids=["open", "closed by the clock", "closed by hand"],
    )
    def test_a_winner_takes_all(self, market: Market) -> None:
        """A published market can be decided, open or closed: the winner pays one credit a share, the rest nothing."""
        resolved = resolve_market(market, "NO", LATER)
        assert resolved == replace(
            market,
            status=MarketStatus.SETTLING,
            resolution=Resolution((0, MICROS), None, LATER),
            revision=market.revision + 1,
        )

    def test_a_partial_resolution_follows_the_markets_order(self) -> None:
        """Payouts are keyed by outcome, in any order, and kept in the market's."""
        market = active_market(("A", "B", "C"))
        resolved = resolve_market(market, {"C": 1, "A": 300_000, "B": 699_999}, NOW)
        assert resolved.resolution == Resolution((300_000, 699_999, 1), None, NOW)

    def test_a_partial_resolution_may_be_whole(self) -> None:
        """Payouts may give everything to one outcome, if they name the others too."""
        resolved = resolve_market(active_market(), {"YES": MICROS, "NO": 0}, NOW)
        assert resolved.resolution == Resolution((MICROS, 0), None, NOW)

    @pytest.mark.parametrize(
        "decision",
        [
            "MAYBE",
            "yes",
            "",
            {},
            {"YES": MICROS},
            {"YES": MICROS, "MAYBE": 0},
            {"YES": MICROS, "NO": 0, "MAYBE": 0},
            {"YES": 300_000, "NO": 699_999},
            {"YES": 300_000, "NO": 700_001},
            {"YES": 0, "NO": 0},
            {"YES": MICROS + 1, "NO": -1},
        ],
    )
    def test_a_decision_must_fit(self, decision: str | Mapping[str, int]) -> None:
        """An unknown or missing outcome, a negative payout, or a sum other than one is refused, and decides nothing."""
        market = active_market()
        with pytest.raises(InvalidResolutionError) as refusal:
            resolve_market(market, decision, NOW)
        assert refusal.value.code == "invalid-resolution"
        assert market.resolution is None

    def test_a_draft_is_not_decided(self) -> None:
        """What was never open has nothing to decide."""
        with pytest.raises(MarketNotOpenError) as refusal:
            resolve_market(draft_market(), "YES", NOW)
        assert refusal.value.code == "market-not-open"

    def test_settled_markets_are_final(self) -> None:
        """Once everybody is paid a market is RESOLVED, or VOIDED if nothing was decided; it keeps its resolution."""
        resolved = resolve_market(active_market(), "YES", NOW)
        assert settle_market(resolved) == replace(resolved, status=MarketStatus.RESOLVED, revision=3)
        voided = replace(resolved, resolution=Resolution(None, "No umpire came.", NOW))
        assert settle_market(voided) == replace(voided, status=MarketStatus.VOIDED, revision=3)


def test_each_revision_is_an_event() -> None:
    """The event says what happened, to which revision and status the market came, who did it, and when."""
    market = active_market()
    changed = market_changed(market, EventType.PUBLISHED, "carol", LATER, version=3)
    assert changed == MarketChanged(
        "rain", 1, MarketStatus.ACTIVE, "carol", LATER, 3, market.closes_at, None, None, EventType.PUBLISHED
    )
    assert market_changed(settle_market(market), EventType.RESOLVED, None, NOW).actor is None
