from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.kernel.money import MICROS, ZERO, Money, negate_money, sum_money
from domain.model.ledger.account import Account, move_money, open_account
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry, pool_of
from domain.model.settlement.settlement import (
    Tally,
    amount_owed,
    empty_tally,
    is_complete,
    pool_leftover,
    settlement_kind,
    tally_positions,
)
from domain.model.trading.book import Book, apply_fill, open_book, price_order, seal_fill
from domain.model.trading.market import Resolution
from domain.model.trading.position import HOLDER_SHARDS, Position, empty_position, holder_shard, trade_position
from domain.model.trading.trade import Side
from tests.unit.model import oracle
from tests.unit.model.builders import NOW, active_book, active_market, buy, sell

TRADERS = ("alice", "bob", "carla", "dan")
VOID = Resolution(None, "The rules were unclear.", NOW)


def resolution(*payouts: int) -> Resolution:
    """What each outcome pays, in millionths."""
    return Resolution(payouts, None, NOW)


def position_of(quantities: tuple[int, ...], spent: tuple[int, ...] | None = None, account: str = "alice") -> Position:
    """A position, for nothing unless said otherwise."""
    return Position(account, "rain", quantities, tuple(Money(each) for each in spent or (0,) * len(quantities)), 1)


class TestPayouts:
    @pytest.mark.parametrize(
        ("payouts", "quantities", "owed"),
        [
            ((MICROS, 0), (7 * MICROS, 5), 7 * MICROS),
            ((0, MICROS), (7 * MICROS, 5), 5),
            ((0, MICROS), (7 * MICROS, 0), 0),
            ((300_000, 700_000), (10 * MICROS, 20 * MICROS), 17 * MICROS),
            ((300_000, 700_000), (1, 1), 1),
            ((300_000, 700_000), (3, 0), 0),
            ((300_000, 700_000), (4, 0), 1),
            ((500_000, 500_000), (1, 0), 0),
            ((500_000, 500_000), (1, 2), 1),
            ((333_333, 333_333, 333_334), (MICROS, MICROS, MICROS), MICROS),
            ((333_333, 333_333, 333_334), (MICROS, 0, 0), 333_333),
            ((1, 999_999), (999_999, 0), 0),
            ((1, 999_999), (MICROS, 0), 1),
            ((250_000, 750_000), (10**18 + 3, 0), 250_000_000_000_000_000),
        ],
    )
    def test_shares_are_paid_rounded_down(
        self, payouts: tuple[int, ...], quantities: tuple[int, ...], owed: int
    ) -> None:
        """A position is paid ⌊Σ r_i q_i⌋, rounded once and not for each outcome."""
        book = active_book(tuple(str(number) for number in range(len(payouts))), quantities=quantities)
        assert amount_owed(book, resolution(*payouts), position_of(quantities)) == Money(owed)

    def test_a_payout_takes_every_outcome(self) -> None:
        """A payout for another number of outcomes than the position has is a bug and is not paid."""
        with pytest.raises(ValueError, match="argument"):
            amount_owed(active_book(), resolution(MICROS), position_of((1, 1)))

    def test_payments_have_a_name(self) -> None:
        """The ledger calls what a resolution pays a payout, and what a void gives back a refund."""
        assert settlement_kind(resolution(MICROS, 0)) is EntryKind.PAYOUT
        assert settlement_kind(VOID) is EntryKind.REFUND


class TestRefunds:
    @pytest.mark.parametrize(
        ("collected", "staked", "spent", "refund"),
        [
            (100, 100, (60, 0), 60),  # everything is there: everybody gets all back
            (100, 100, (70, -10), 60),
            (100, 100, (10, -11), 0),  # a profit is kept, and brings nothing
            (90, 100, (50, 0), 45),
            (90, 100, (33, 0), 29),  # 29.7
            (1, 3, (2, 0), 0),  # two thirds
            (0, 100, (60, 0), 0),
            (-5, 100, (60, 0), 0),  # a pool below its subsidy: nobody is clawed back
            (150, 100, (60, 0), 60),  # never more than was staked
            (0, 0, (0, 0), 0),  # nobody stakes anything
            (5, 0, (-5, 0), 0),
        ],
    )
    def test_stakes_come_back_in_proportion(
        self, collected: int, staked: int, spent: tuple[int, int], refund: int
    ) -> None:
        """A void gives back ⌊s·max(0, min(1, (pool - subsidy)/Σ s))⌋."""
        book = active_book()
        book = replace(book, pool=Money(book.subsidy.amount + collected), staked=Money(staked))
        assert amount_owed(book, VOID, position_of((4, 4), spent)) == Money(refund)

    def test_refunds_are_exact_at_any_size(self) -> None:
        """A ratio of large sums is not rounded before it is applied."""
        book = replace(active_book(), pool=Money(10**15 + 69_314_719), staked=Money(3 * 10**15))
        assert amount_owed(book, VOID, position_of((0, 0), (3 * 10**15 - 1, 0))) == Money(10**15 - 1)

    def test_shares_do_not_matter(self) -> None:
        """A refund looks at what was paid, held shares or not."""
        book = replace(active_book(), pool=Money(69_314_719 + 100), staked=Money(100))
        assert amount_owed(book, VOID, position_of((0, 0), (100, 0))) == Money(100)
        assert amount_owed(book, VOID, position_of((10**9, 10**9), (0, 0))) == ZERO


class TestTallies:
    def test_an_empty_tally(self) -> None:
        """A shard in which nothing is settled counts nothing, for each outcome of the book."""
        assert empty_tally(active_book(("A", "B", "C")), 7) == Tally("rain", 7, 0, (0, 0, 0), ZERO, ZERO, 0)

    def test_a_page_is_added(self) -> None:
        """A page adds its positions, shares, spends and payments, and one version."""
        page = [position_of((1, 2), (10, -3)), position_of((4, 0), (5, 0), "bob")]
        tally = tally_positions(empty_tally(active_book(), 3), page, Money(11))
        assert tally == Tally("rain", 3, 2, (5, 2), Money(12), Money(11), 1)
        tally = tally_positions(tally, [position_of((1, 1), (-40, 0), "dan")], ZERO)
        assert tally == Tally("rain", 3, 3, (6, 3), Money(-28), Money(11), 2)

    def test_an_empty_page_is_a_page(self) -> None:
        """A page without positions changes no sum."""
        assert tally_positions(empty_tally(active_book(), 0), [], ZERO) == replace(
            empty_tally(active_book(), 0), version=1
        )

    def test_a_market_without_trades_is_complete(self) -> None:
        """Where nobody traded nothing is to be paid, and all of the subsidy is left over."""
        assert is_complete(active_book(), [])
        assert pool_leftover(active_book(), []) == active_book().subsidy

    @pytest.mark.parametrize(
        ("settled", "quantities", "spent", "complete"),
        [
            (2, (5, 2), 12, True),
            (1, (5, 2), 12, False),
            (3, (5, 2), 12, False),
            (2, (4, 2), 12, False),
            (2, (2, 5), 12, False),
            (2, (5, 3), 12, False),
            (2, (5, 2), 11, False),
        ],
    )
    def test_three_equalities(self, settled: int, quantities: tuple[int, int], spent: int, *, complete: bool) -> None:
        """Settlement is complete only when holders, shares of each outcome and money paid in are all accounted for."""
        book = active_book()
        book = replace(book, holders=2, quantities=(5, 2), pool=Money(book.subsidy.amount + 12))
        tally = Tally("rain", 0, settled, quantities, Money(spent), ZERO, 1)
        assert is_complete(book, [tally]) is complete
        assert is_complete(book, [tally, empty_tally(book, 1)]) is complete

    def test_the_leftover_is_what_was_not_paid(self) -> None:
        """Everything that no shard paid out goes back."""
        tallies = [Tally("rain", shard, 1, (0, 0), ZERO, Money(paid), 1) for shard, paid in ((0, 7), (5, 300))]
        assert pool_leftover(active_book(), tallies) == Money(69_314_719 - 307)


@dataclass
class Economy:
    """A market with its traders: what the application does to them, without its records."""

    book: Book
    accounts: dict[str, Account] = field(default_factory=dict)
    positions: dict[str, Position] = field(default_factory=dict)
    entries: list[JournalEntry] = field(default_factory=list)

    def open(self, name: str, grant: int) -> None:
        """Give somebody an account."""
        opened = open_account(name, Money(grant), NOW)
        self.accounts[name] = opened.account
        self.entries.append(opened.entry)

    def move(self, name: str, kind: EntryKind, amount: Money) -> None:
        """Move money between somebody and the pool."""
        moved = move_money(self.accounts[name], kind, amount, pool_of("rain"), NOW, market="rain")
        self.accounts[name] = moved.account
        self.entries.append(moved.entry)

    def trade(self, name: str, outcome: int, side: Side, quantity: int) -> None:
        """Buy, or sell as many as somebody holds at most."""
        before = self.positions.get(name)
        held = before or empty_position(name, "rain", len(self.book.outcomes))
        if side is Side.SELL:
            quantity = min(quantity, held.quantities[outcome])
        if not quantity:
            return
        terms = (buy if side is Side.BUY else sell)(self.book.outcomes[outcome], quantity)
        fill = price_order(self.book, terms, NOW)
        trade = seal_fill(self.book, fill, f"order-{self.book.version}", name, NOW)
        after = trade_position(held, fill.outcome, trade)
        if side is Side.BUY:
            self.move(name, EntryKind.BUY, negate_money(fill.amount))
        else:
            self.move(name, EntryKind.SELL, fill.amount)
        self.book = apply_fill(self.book, fill, trade, before, after)
        self.positions[name] = after

    def settle(self, decision: Resolution) -> list[Tally]:
        """Pay everybody, shard by shard."""
        tallies = []
        for shard in range(HOLDER_SHARDS):
            page = [position for name, position in self.positions.items() if holder_shard(name) == shard]
            owed = [amount_owed(self.book, decision, position) for position in page]
            for position, amount in zip(page, owed, strict=True):
                self.move(position.account, settlement_kind(decision), amount)
            tallies.append(tally_positions(empty_tally(self.book, shard), page, sum_money(owed)))
        return tallies

    @property
    def pool(self) -> int:
        """What the ledger says the market's pool holds."""
        return self.posted(pool_of("rain"))

    def posted(self, name: str) -> int:
        """The sum of all postings to a name."""
        postings = (posting for entry in self.entries for posting in entry.postings)
        return sum(posting.amount.amount for posting in postings if posting.name == name)


type Step = tuple[int, int, Side, int]


def economies() -> st.SearchStrategy[Economy]:
    """Markets of two to five outcomes after up to fifteen random trades."""
    steps = st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(0, 4),
            st.sampled_from(Side),
            st.one_of(st.integers(1, 20), st.integers(1, 50 * MICROS), st.integers(1, 2000 * MICROS)),
        ),
        max_size=15,
    )
    liquidity = st.one_of(st.just(MICROS), st.integers(MICROS, 500 * MICROS))
    return st.builds(_after_trades, st.integers(2, 5), liquidity, steps)


def _after_trades(outcomes: int, liquidity: int, steps: Sequence[Step]) -> Economy:
    market = active_market(tuple("ABCDE"[:outcomes]), liquidity)
    economy = Economy(open_book(market))
    for name in (market.creator, *TRADERS):
        economy.open(name, 1_000_000 * MICROS)
    economy.move(market.creator, EntryKind.SUBSIDY, negate_money(economy.book.subsidy))
    for trader, outcome, side, quantity in steps:
        economy.trade(TRADERS[trader], outcome % outcomes, side, quantity)
    return economy


@st.composite
def decisions(draw: st.DrawFn, outcomes: int) -> Resolution:
    """A void, a winner, or any vector that sums to one."""
    cuts = st.one_of(st.integers(0, MICROS), st.sampled_from([0, MICROS]))
    edges = [0, *sorted(draw(st.lists(cuts, min_size=outcomes - 1, max_size=outcomes - 1))), MICROS]
    vector = tuple(high - low for low, high in pairwise(edges))
    return draw(st.sampled_from([VOID, resolution(*vector)]))


class TestConservation:
    """Nothing is made or lost, whatever is traded and decided."""

    @settings(max_examples=60)
    @given(economies())
    def test_the_book_is_the_sum_of_its_positions(self, economy: Economy) -> None:
        """Shares, money paid in, stakes and holders of the book are the sums over all positions."""
        book, positions = economy.book, list(economy.positions.values())
        for outcome, outstanding in enumerate(book.quantities):
            assert outstanding == sum(position.quantities[outcome] for position in positions)
        assert book.pool.amount - book.subsidy.amount == sum(position.net_spend.amount for position in positions)
        assert book.staked == sum_money(position.staked for position in positions)
        assert book.holders == len(positions)
        assert book.version == sum(position.version for position in positions)
        assert book.pool.amount == economy.pool

    @settings(max_examples=60)
    @given(economies())
    def test_the_pool_covers_every_outcome(self, economy: Economy) -> None:
        """The pool holds at least C(q), which is at least what the most expensive outcome would pay."""
        book = economy.book
        assert book.pool.amount >= oracle.cost(book.quantities, book.liquidity) - oracle.ERROR
        assert book.pool.amount >= max(book.quantities)

    @settings(max_examples=100)
    @given(economies(), st.data())
    def test_settlement_pays_from_the_pool_alone(self, economy: Economy, data: st.DataObject) -> None:
        """Whatever is decided, everybody is paid, the leftover is not negative, and all ends where it was issued."""
        decision = data.draw(decisions(len(economy.book.outcomes)))
        tallies = economy.settle(decision)
        assert is_complete(economy.book, tallies)
        leftover = pool_leftover(economy.book, tallies)
        assert leftover.amount >= 0
        assert leftover.amount == economy.pool
        economy.move("carol", EntryKind.SUBSIDY_RETURN, leftover)
        assert economy.pool == 0
        held = sum_money(account.balance for account in economy.accounts.values())
        assert held.amount == -economy.posted(HOUSE) == 5_000_000 * MICROS
        for name, account in economy.accounts.items():
            assert account.balance.amount == economy.posted(name)

    @settings(max_examples=60)
    @given(economies())
    def test_a_void_returns_no_more_than_was_staked(self, economy: Economy) -> None:
        """A void gives nobody more than their stake, and all of it if nobody took a profit; the subsidy stays."""
        collected = economy.book.pool.amount - economy.book.subsidy.amount
        owed = {name: amount_owed(economy.book, VOID, position) for name, position in economy.positions.items()}
        assert sum_money(owed.values()).amount <= collected
        for name, position in economy.positions.items():
            assert 0 <= owed[name].amount <= position.staked.amount
            if collected == economy.book.staked.amount:
                assert owed[name] == position.staked

    @settings(max_examples=60)
    @given(economies())
    def test_a_void_is_the_formula(self, economy: Economy) -> None:
        """Each gets ⌊s·max(0, min(1, (pool - subsidy)/Σ s))⌋, sold out or not, and the creator all that is left."""
        pool, subsidy = economy.book.pool.amount, economy.book.subsidy.amount
        stakes = {name: max(0, position.net_spend.amount) for name, position in economy.positions.items()}
        total = sum(stakes.values())
        ratio = max(Fraction(0), min(Fraction(1), Fraction(pool - subsidy, total))) if total else Fraction(0)
        before = {name: account.balance.amount for name, account in economy.accounts.items()}
        tallies = economy.settle(VOID)
        refunds = {name: floor(stake * ratio) for name, stake in stakes.items()}
        for name, refund in refunds.items():
            assert economy.accounts[name].balance.amount == before[name] + refund
        assert pool_leftover(economy.book, tallies).amount == pool - sum(refunds.values())

    @settings(max_examples=60)
    @given(economies())
    def test_one_position_missing_is_noticed(self, economy: Economy) -> None:
        """Settlement that overlooks any one holder is not complete."""
        positions = list(economy.positions.values())
        for missing in positions:
            page = [position for position in positions if position is not missing]
            assert not is_complete(economy.book, [tally_positions(empty_tally(economy.book, 0), page, ZERO)])
        assert is_complete(economy.book, [tally_positions(empty_tally(economy.book, 0), positions, ZERO)])
