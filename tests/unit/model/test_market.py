from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.event.market_events import MarketChanged, market_changed
from domain.model.errors import (
    AlreadyResolvedError,
    InvalidMarketError,
    InvalidResolutionError,
    MarketAlreadyPublishedError,
    MarketNotOpenError,
)
from domain.model.market import (
    DECIDED,
    Market,
    MarketDefinition,
    MarketStatus,
    Resolution,
    close_market,
    create_market,
    effective_status,
    is_slug,
    market_subsidy,
    publish_market,
    resolve_market,
    settle_market,
    status_at,
)
from domain.model.money import MICROS, Money
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
    """The event says to which revision and status the market came, who did it, and when."""
    market = active_market()
    assert market_changed(market, "carol", LATER) == MarketChanged("rain", 1, MarketStatus.ACTIVE, "carol", LATER)
    assert market_changed(settle_market(market), None, NOW).actor is None
