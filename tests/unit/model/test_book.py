import re
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.kernel.errors import (
    BalanceLimitExceededError,
    DomainError,
    InsufficientSharesError,
    InvalidOrderError,
    MarketNotOpenError,
    PriceLimitExceededError,
)
from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.trading import lmsr
from domain.model.trading.book import (
    POOL_LIMIT,
    Book,
    apply_fill,
    follow_market,
    listing_at,
    open_book,
    order_amount,
    price_order,
    seal_fill,
    shown_prices,
)
from domain.model.trading.market import MarketStatus, close_market
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.position import empty_position, trade_position
from domain.model.trading.trade import OutcomePrice, Side, seal_trade
from tests.unit.model import oracle
from tests.unit.model.builders import LATER, NOW, active_book, active_market, buy, draft_market, sell, trade_on

HELD = (30 * MICROS, 20 * MICROS)
EVEN = (OutcomePrice("YES", 500_000), OutcomePrice("NO", 500_000))


def spend(outcome: str, credits_: int, limit: int | None = None, version: int | None = None) -> OrderTerms:
    """An order to buy for a spend, filling what fits."""
    return OrderTerms(
        outcome,
        Side.BUY,
        spend=credits_,
        limit_price=limit,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
        version=version,
    )


def refusal_of(book: Book, terms: OrderTerms, now: datetime = NOW) -> str:
    """The code with which an order is refused."""
    with pytest.raises(DomainError) as refusal:
        price_order(book, terms, now)
    assert str(refusal.value)
    return refusal.value.code


class TestOpening:
    def test_a_new_book(self) -> None:
        """A book opens untouched, funded by the subsidy, with its market's status, closing time and revision."""
        market = active_market(("A", "B", "C", "D"), closes_at=LATER)
        book = open_book(market)
        assert book == Book(
            slug="rain",
            outcomes=("A", "B", "C", "D"),
            quantities=(0, 0, 0, 0),
            liquidity=100 * MICROS,
            pool=Money(138_629_437),
            subsidy=Money(138_629_437),
            staked=ZERO,
            volume=ZERO,
            holders=0,
            status=MarketStatus.ACTIVE,
            closes_at=LATER,
            version=0,
            revision=1,
            head="0" * 64,
        )
        assert shown_prices(book) == tuple(OutcomePrice(name, 250_000) for name in "ABCD")

    def test_following_the_market(self) -> None:
        """A book takes over what changed of its market, and keeps its trades."""
        book = trade_on(active_book(), None, buy("YES", MICROS)).book
        closed = replace(close_market(active_market(), NOW), closes_at=LATER)
        assert follow_market(book, closed) == replace(book, status=MarketStatus.CLOSED, closes_at=LATER, revision=2)

    def test_a_listing_reads_the_clock(self) -> None:
        """A listing shows the status of the instant, and the book as it is."""
        market, book = active_market(closes_at=LATER), active_book(quantities=HELD)
        assert listing_at(market, book, NOW) == (market, book)
        assert listing_at(market, book, LATER) == (replace(market, status=MarketStatus.CLOSED), book)

    def test_a_draft_lists_as_it_would_open(self) -> None:
        """A draft has no book: it shows even prices and the subsidy that publishing would cost."""
        listing = listing_at(draft_market(), None, NOW)
        assert listing.market == draft_market()
        assert shown_prices(listing.book) == EVEN
        assert listing.book.subsidy == Money(69_314_719)


class TestPricing:
    def test_a_purchase(self) -> None:
        """A purchase fills all that is asked for, at ⌈ΔC⌉, and shows the prices before and after."""
        fill = price_order(active_book(), buy("YES", 10 * MICROS), NOW)
        assert (fill.outcome, fill.side, fill.requested, fill.quantity) == (0, Side.BUY, 10 * MICROS, 10 * MICROS)
        assert fill.amount == Money(5_124_948)
        assert fill.quantities_after == (10 * MICROS, 0)
        assert fill.prices_before == EVEN
        assert fill.prices_after == (OutcomePrice("YES", 524_979), OutcomePrice("NO", 475_021))

    def test_a_sale(self) -> None:
        """A sale of what was just bought brings a micro-credit less: rounding is toward the pool."""
        book = active_book(quantities=(0, 10 * MICROS))
        fill = price_order(book, sell("NO", 10 * MICROS), NOW)
        assert (fill.outcome, fill.side, fill.quantity) == (1, Side.SELL, 10 * MICROS)
        assert fill.amount == Money(5_124_947)
        assert fill.quantities_after == (0, 0)
        assert fill.prices_after == EVEN

    def test_a_spend(self) -> None:
        """A spend requests what it buys, and pays no more than it says."""
        fill = price_order(active_book(), spend("NO", 50 * MICROS), NOW)
        assert (fill.requested, fill.quantity) == (83_179_656, 83_179_656)
        assert fill.amount == Money(50 * MICROS)

    @given(
        held=st.tuples(st.integers(0, 200 * MICROS), st.integers(0, 200 * MICROS)),
        terms=st.builds(
            OrderTerms,
            st.sampled_from(["YES", "NO"]),
            st.just(Side.SELL),
            quantity=st.integers(1, 250 * MICROS),
            limit_price=st.none() | st.integers(1, MICROS - 1),
        ),
    )
    def test_an_amount_alone_is_the_orders(self, held: tuple[int, int], terms: OrderTerms) -> None:
        """What an order comes to is the same number, or the same refusal, with the prices around it and without."""
        book = active_book(quantities=held)
        try:
            amount = price_order(book, terms, NOW).amount
        except DomainError as refusal:
            with pytest.raises(type(refusal), match=re.escape(str(refusal))):
                order_amount(book, terms, NOW)
        else:
            assert order_amount(book, terms, NOW) == amount

    def test_pricing_changes_nothing(self) -> None:
        """A quote leaves the book as it is: asking twice gets the same answer."""
        book = active_book(quantities=HELD)
        assert price_order(book, buy("NO", 7), NOW) == price_order(book, buy("NO", 7), NOW)
        assert book == active_book(quantities=HELD)

    def test_the_expected_version(self) -> None:
        """An order may name the version it is for: that one fills, an older and a newer do not."""
        book = replace(active_book(), version=3)
        assert price_order(book, spend("YES", MICROS, version=3), NOW).quantity > 0
        for version in (2, 4, 0):
            assert refusal_of(book, spend("YES", MICROS, version=version)) == PriceLimitExceededError.code

    def test_an_unknown_outcome(self) -> None:
        """An outcome the market does not have is an invalid order; names compare exactly."""
        for name in ("MAYBE", "yes", "YES ", ""):
            assert refusal_of(active_book(), buy(name, MICROS)) == InvalidOrderError.code

    @pytest.mark.parametrize("status", [status for status in MarketStatus if status is not MarketStatus.ACTIVE])
    def test_a_book_that_is_not_open(self, status: MarketStatus) -> None:
        """Only an active market trades, and the first thing an order hears is that it does not."""
        book = replace(active_book(), status=status)
        assert refusal_of(book, buy("YES", MICROS)) == MarketNotOpenError.code
        assert refusal_of(book, OrderTerms("MAYBE", Side.SELL, quantity=1, version=9)) == MarketNotOpenError.code

    def test_a_book_becomes_closed(self) -> None:
        """The same order fills until just before the closing time, and is refused at it."""
        book = open_book(active_market(closes_at=LATER))
        assert price_order(book, buy("YES", 1), NOW).amount == Money(1)
        assert refusal_of(book, buy("YES", 1), LATER) == MarketNotOpenError.code

    def test_a_sale_above_what_is_outstanding(self) -> None:
        """No more can be sold than there is; the last micro-share can."""
        book = active_book(quantities=HELD)
        assert price_order(book, sell("NO", HELD[1]), NOW).quantities_after == (HELD[0], 0)
        assert refusal_of(book, sell("NO", HELD[1] + 1)) == InsufficientSharesError.code
        assert refusal_of(active_book(), sell("YES", 1)) == InsufficientSharesError.code

    def test_an_order_for_nothing_is_a_bug(self) -> None:
        """Terms with neither a quantity nor a spend cannot come from the edge, and are no refusal."""
        with pytest.raises(ValueError, match="quantity or a spend"):
            price_order(active_book(), OrderTerms("YES", Side.BUY), NOW)


class TestLimits:
    IOC = TimeInForce.IMMEDIATE_OR_CANCEL

    def test_all_fits(self) -> None:
        """An order whose last micro-share is within the limit is not touched by it, whatever its time in force."""
        for time_in_force in TimeInForce:
            terms = replace(buy("YES", 10 * MICROS), limit_price=524_980, time_in_force=time_in_force)
            assert price_order(active_book(), terms, NOW) == price_order(active_book(), buy("YES", 10 * MICROS), NOW)

    def test_a_part_fits(self) -> None:
        """immediate_or_cancel fills up to the limit and pays for that; fill_or_kill is refused."""
        terms = replace(buy("YES", 500 * MICROS), limit_price=900_000)
        fill = price_order(active_book(), replace(terms, time_in_force=self.IOC), NOW)
        assert (fill.requested, fill.quantity) == (500 * MICROS, 219_722_457)
        assert fill.amount == Money(160_943_791)
        assert fill.prices_after[0] == OutcomePrice("YES", 900_000)
        assert refusal_of(active_book(), terms) == PriceLimitExceededError.code

    def test_a_spend_stops_at_the_limit(self) -> None:
        """A spend that would go past the limit requests what it buys without one, and pays only what fills."""
        fill = price_order(active_book(), spend("YES", 50 * MICROS, limit=600_000), NOW)
        assert fill.requested == 83_179_656
        assert fill.quantity == 40_546_510
        assert fill.amount == Money(lmsr.charge_for_purchase((0, 0), 100 * MICROS, 0, 40_546_510))

    def test_a_sale_stops_at_the_limit(self) -> None:
        """A sale fills while the price is at or above its limit."""
        book = active_book(quantities=(100 * MICROS, 0))
        terms = replace(sell("YES", 100 * MICROS), limit_price=600_000)
        fill = price_order(book, replace(terms, time_in_force=self.IOC), NOW)
        assert (fill.requested, fill.quantity) == (100 * MICROS, 100 * MICROS - 40_546_511)
        assert refusal_of(book, terms) == PriceLimitExceededError.code

    @pytest.mark.parametrize("time_in_force", TimeInForce)
    @pytest.mark.parametrize(
        ("side", "limit"),
        [(Side.BUY, 500_000), (Side.BUY, 499_999), (Side.BUY, 1), (Side.SELL, 999_999), (Side.SELL, 500_000)],
    )
    def test_nothing_fits(self, side: Side, limit: int, time_in_force: TimeInForce) -> None:
        """A price that is at or beyond the limit already leaves no room, whatever the time in force."""
        book = active_book(quantities=(20 * MICROS, 20 * MICROS))
        terms = OrderTerms("YES", side, quantity=1, limit_price=limit, time_in_force=time_in_force)
        with pytest.raises(PriceLimitExceededError, match=r"room for 0\.000000 shares\. Move the limit\.$"):
            price_order(book, terms, NOW)

    def test_where_a_part_fits_the_refusal_says_what_would_fill(self) -> None:
        """Only an order that is not immediate_or_cancel is refused then, so that is advice it can follow."""
        terms = replace(buy("YES", 500 * MICROS), limit_price=900_000)
        with pytest.raises(PriceLimitExceededError, match=r"room for 219\.722457 shares\. Ask for less, .*cancel\.$"):
            price_order(active_book(), terms, NOW)

    @pytest.mark.parametrize(("names", "limit"), [(("A", "B"), 500_000), (("A", "B", "C", "D"), 250_000)])
    def test_a_tie_is_within_the_limit(self, names: tuple[str, ...], limit: int) -> None:
        """An order that brings the price to exactly its limit fills entirely; one micro-share more does not."""
        behind = active_book(names, quantities=(0,) + (5 * MICROS,) * (len(names) - 1))
        ahead = active_book(names, quantities=(5 * MICROS,) + (0,) * (len(names) - 1))
        for book, side in ((behind, Side.BUY), (ahead, Side.SELL)):
            terms = OrderTerms("A", side, quantity=5 * MICROS, limit_price=limit)
            assert price_order(book, terms, NOW).quantity == 5 * MICROS
            assert (
                shown_prices(replace(book, quantities=price_order(book, terms, NOW).quantities_after))[0].price == limit
            )
        terms = OrderTerms("A", Side.BUY, quantity=5 * MICROS + 1, limit_price=limit)
        assert refusal_of(behind, terms) == PriceLimitExceededError.code

    @settings(max_examples=60)
    @given(
        st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)),
        st.sampled_from(Side),
        st.integers(1, 10**9),
        st.integers(1, MICROS - 1),
    )
    def test_no_fill_passes_its_limit(self, held: tuple[int, int], side: Side, quantity: int, limit: int) -> None:
        """What fills leaves the price on the right side of the limit; what is refused would not have."""
        book, bound = active_book(quantities=held), Fraction(limit, MICROS)
        terms = OrderTerms("YES", side, quantity=quantity, limit_price=limit, time_in_force=self.IOC)
        sign = 1 if side is Side.BUY else -1
        try:
            fill = price_order(book, terms, NOW)
        except PriceLimitExceededError:
            one = oracle.moved(held, 0, sign)
            assert sign * (oracle.price(one, book.liquidity, 0) - bound) > 0
        except InsufficientSharesError:
            assert side is Side.SELL
            assert quantity > held[0]
        else:
            assert 0 < fill.quantity <= fill.requested == quantity
            after = oracle.price(fill.quantities_after, book.liquidity, 0)
            assert sign * (after - bound) <= Fraction(1, 10**40)


class TestTrading:
    def test_a_sealed_fill(self) -> None:
        """A fill becomes the book's next trade, chained to its head."""
        book = replace(active_book(), version=6, head="f" * 64)
        fill = price_order(book, buy("NO", 10 * MICROS), NOW)
        trade = seal_fill(book, fill, "order", "alice", LATER)
        assert (trade.id, trade.market, trade.account, trade.created_at) == ("order", "rain", "alice", LATER)
        assert (trade.outcome, trade.side, trade.quantity) == ("NO", Side.BUY, 10 * MICROS)
        assert (trade.amount, trade.prices_after, trade.version) == (fill.amount, fill.prices_after, 7)
        assert trade == seal_trade("f" * 64, trade)

    def test_a_first_purchase(self) -> None:
        """A first trade adds a holder, and its amount to pool, stakes and volume."""
        book = active_book()
        after, position, fill, trade = trade_on(book, None, buy("YES", 10 * MICROS))
        assert after == replace(
            book,
            quantities=(10 * MICROS, 0),
            pool=Money(69_314_719 + 5_124_948),
            staked=Money(5_124_948),
            volume=Money(5_124_948),
            holders=1,
            version=1,
            head=trade.digest,
        )
        assert position.spent == (fill.amount, ZERO)

    def test_selling_it_again(self) -> None:
        """A sale takes its amount out of pool and stakes, adds it to the volume, and leaves the holder counted."""
        bought = trade_on(active_book(), None, buy("YES", 10 * MICROS))
        sold = trade_on(bought.book, bought.position, sell("YES", 10 * MICROS))
        assert sold.fill.amount == Money(5_124_947)
        assert (sold.book.pool, sold.book.staked) == (Money(69_314_720), Money(1))
        assert (sold.book.volume, sold.book.holders, sold.book.version) == (Money(10_249_895), 1, 2)
        assert sold.book.quantities == (0, 0)

    def test_profits_are_no_stakes(self) -> None:
        """Who has taken out more than put in stakes nothing: the sum of stakes counts the others alone."""
        early = trade_on(active_book(), None, buy("YES", 10 * MICROS), "alice")
        late = trade_on(early.book, None, buy("YES", 500 * MICROS), "bob")
        out = trade_on(late.book, early.position, sell("YES", 10 * MICROS), "alice")
        assert out.position.net_spend.amount < 0
        assert out.book.staked == late.fill.amount
        again = trade_on(out.book, out.position, buy("YES", 1), "alice")
        assert again.book.staked == late.fill.amount

    def test_a_fill_is_applied_as_priced(self) -> None:
        """Applying takes the amount from the fill that was priced, and the version and head from its trade."""
        book = active_book()
        fill = price_order(book, buy("NO", 3), NOW)
        before = empty_position("bob", "rain", 2)
        trade = seal_fill(book, fill, "order", "bob", NOW)
        after = trade_position(before, fill.outcome, trade)
        assert apply_fill(book, fill, trade, before, after).holders == 0
        assert apply_fill(book, fill, trade, None, after).holders == 1


def test_a_pool_stays_within_64_bits() -> None:
    """A purchase fills it to the limit and not beyond; from a full one shares can still be sold."""
    assert POOL_LIMIT.amount < 2**63
    held = trade_on(active_book(), None, buy("YES", 10 * MICROS))
    price = price_order(held.book, buy("YES", MICROS), NOW).amount
    nearly = replace(held.book, pool=Money(POOL_LIMIT.amount - price.amount))
    full = trade_on(nearly, held.position, buy("YES", MICROS))
    assert full.book.pool == POOL_LIMIT
    with pytest.raises(BalanceLimitExceededError, match=r"more than 9000000000000\.000000 credits"):
        trade_on(full.book, full.position, buy("YES", MICROS))
    assert trade_on(full.book, full.position, sell("YES", MICROS)).book.pool.amount < POOL_LIMIT.amount
