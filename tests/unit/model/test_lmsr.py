import decimal
from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.model.kernel.money import MICROS
from domain.model.trading import lmsr
from tests.unit.model import oracle

SLACK = Fraction(1, 10**29)
"""How close to an integer a cost must be for the module's margin to be allowed to show."""
TIE = Fraction(1, 10**40)
WIDE = Context(prec=200, Emin=MIN_EMIN, Emax=MAX_EMAX)


class Setup(NamedTuple):
    """A book's numbers and the outcome that is traded."""

    quantities: tuple[int, ...]
    liquidity: int
    outcome: int


@st.composite
def setups(draw: st.DrawFn, *, most_outcomes: int = 20) -> Setup:
    """Books of every size, from untouched to thousands of b apart, with small and large b."""
    liquidity = draw(st.one_of(st.sampled_from([MICROS, 10**12]), st.integers(MICROS, 10**12)))
    widest = draw(st.sampled_from([0, liquidity, 30 * liquidity, 160 * liquidity, 5000 * liquidity]))
    count = draw(st.one_of(st.integers(2, 4), st.integers(2, most_outcomes)))
    quantities = draw(st.lists(st.integers(0, widest), min_size=count, max_size=count))
    return Setup(tuple(quantities), liquidity, draw(st.integers(0, count - 1)))


def amounts() -> st.SearchStrategy[int]:
    """Micro-units to trade, from one to a hundred million credits."""
    return st.one_of(st.integers(1, 10), st.integers(1, 10**8), st.integers(1, 10**14))


def in_places(number: Decimal, places: int) -> Decimal:
    """A number rounded to so many decimals."""
    return number.quantize(Decimal(1).scaleb(-places), context=WIDE)


def taken_in(quantities: Sequence[int], liquidity: int, outcome: int, change: int) -> Decimal:
    """The module's unrounded cost of a change, in credits."""
    after = lmsr.cost(oracle.moved(quantities, outcome, change), liquidity)
    return WIDE.divide(WIDE.subtract(after, lmsr.cost(quantities, liquidity)), Decimal(MICROS))


class TestVectors:
    """The vectors of the facts page. The model is homogeneous, C(kq, kb) = kC(q, b): finer units show more digits."""

    B100 = 100 * MICROS

    @pytest.mark.parametrize(
        ("shares", "cost", "charge", "price"),
        [
            (10, "5.1249479513625585", 5_124_948, "0.5249791874789400"),
            (100, "62.011450695827752", 62_011_451, "0.7310585786300049"),
        ],
    )
    def test_purchase_of_one_of_two(self, shares: int, cost: str, charge: int, price: str) -> None:
        """A purchase costs, and moves the price to, what the vector says, and is charged rounded up."""
        quantity = shares * MICROS
        assert in_places(taken_in((0, 0), self.B100, 0, quantity), len(cost.partition(".")[2])) == Decimal(cost)
        assert lmsr.charge_for_purchase((0, 0), self.B100, 0, quantity) == charge
        assert in_places(lmsr.prices((quantity, 0), self.B100)[0], 16) == Decimal(price)

    @pytest.mark.parametrize(
        ("outcomes", "quantity", "shares", "digits", "price"),
        [
            (2, 83_179_656, 83_179656575118623, 15, "0.6967346701436833"),
            (4, 127_951_202, 127_95120248207877, 14, "0.5451020052155249"),
        ],
    )
    def test_spend(self, outcomes: int, quantity: int, shares: int, digits: int, price: str) -> None:
        """A spend buys the vector's shares, rounded down to the micro-share, for no more than the spend."""
        untouched, unit = (0,) * outcomes, 10**digits
        assert lmsr.quantity_for_spend(untouched, self.B100, 0, 50 * MICROS) == quantity
        assert lmsr.charge_for_purchase(untouched, self.B100, 0, quantity) == 50 * MICROS
        exact = lmsr.quantity_for_spend(untouched, 100 * unit * 10, 0, 50 * unit * 10)
        assert round(Fraction(exact, 10)) == shares
        after = lmsr.prices(oracle.moved(untouched, 0, exact), 100 * unit * 10)
        assert in_places(after[0], 16) == Decimal(price)

    def test_move_to_ninety_percent(self) -> None:
        """Moving an even market to 90 % takes the vector's shares and costs the vector's credits."""
        unit = 10**15
        shares = lmsr.most_to_buy((0, 0), 100 * unit, 0, 900_000)
        assert round(Fraction(shares, 10)) == 219_72245773362194
        paid = lmsr.charge_for_purchase((0, 0), 100 * unit, 0, shares)
        assert round(Fraction(paid, 10)) == 160_94379124341004
        assert lmsr.most_to_buy((0, 0), self.B100, 0, 900_000) == 219_722_457
        assert lmsr.charge_for_purchase((0, 0), self.B100, 0, 219_722_457) == 160_943_791

    def test_three_outcomes(self) -> None:
        """The vector of three uneven outcomes agrees in price, in cost and in the charge rounded up."""
        quantities = (10 * MICROS, 20 * MICROS, 23 * MICROS)
        assert in_places(lmsr.prices(quantities, 10 * MICROS)[0], 10) == Decimal("0.1353623519")
        assert in_places(taken_in(quantities, 10 * MICROS, 0, 5 * MICROS), 10) == Decimal("0.8416874104")
        assert lmsr.charge_for_purchase(quantities, 10 * MICROS, 0, 5 * MICROS) == 841_688

    @pytest.mark.parametrize(
        ("outcomes", "loss", "rounded"),
        [(2, 69_314_719, "69.3147"), (4, 138_629_437, "138.6294"), (10, 230_258_510, "230.2585")],
    )
    def test_worst_loss(self, outcomes: int, loss: int, rounded: str) -> None:
        """The worst loss is b ln n, rounded up to the micro-credit."""
        assert lmsr.worst_loss(self.B100, outcomes) == loss
        assert in_places(Decimal(loss) / MICROS, 4) == Decimal(rounded)


class TestExtremes:
    """Where 1 + (e^{x/b} - 1)/p would divide by zero or overflow."""

    HOPELESS = (1_000_000 * MICROS, 0)

    @pytest.mark.parametrize("quantity", [1, MICROS, 1000 * MICROS])
    def test_underdog_is_never_free(self, quantity: int) -> None:
        """A purchase costs at least a micro-credit, even of shares that are a million b behind."""
        assert lmsr.charge_for_purchase(self.HOPELESS, MICROS, 1, quantity) == 1

    def test_underdog_for_a_spend(self) -> None:
        """A spend on a hopeless outcome buys all that is needed to catch up, and stays within the spend."""
        bought = lmsr.quantity_for_spend(self.HOPELESS, MICROS, 1, 1)
        assert 0 < 1_000_000 * MICROS - bought < 20 * MICROS
        assert lmsr.charge_for_purchase(self.HOPELESS, MICROS, 1, bought) == 1
        assert lmsr.charge_for_purchase(self.HOPELESS, MICROS, 1, bought + 1) == 2

    @pytest.mark.parametrize("quantity", [1, 7, MICROS])
    def test_certainty_costs_what_it_pays(self, quantity: int) -> None:
        """Shares that are all but certain cost their payout and sell for a micro-credit less."""
        assert lmsr.charge_for_purchase(self.HOPELESS, MICROS, 0, quantity) == quantity
        assert lmsr.quantity_for_spend(self.HOPELESS, MICROS, 0, quantity) == quantity
        assert lmsr.proceeds_of_sale(self.HOPELESS, MICROS, 0, quantity) == quantity - 1

    def test_sale_of_the_worthless_brings_nothing(self) -> None:
        """A sale never costs anything: where the value is below a micro-credit it brings 0."""
        assert lmsr.proceeds_of_sale((1_000_000 * MICROS, MICROS), MICROS, 1, MICROS) == 0

    @pytest.mark.parametrize(
        ("quantities", "liquidity"),
        [
            ((79 * MICROS, 0), MICROS),
            ((0, 79 * MICROS), MICROS),
            ((3_000_000 * MICROS, 0), MICROS),
            ((0, 3_000_000 * MICROS), MICROS),
            ((0, 0), 1_000_000 * MICROS),
            ((10**15, 10**6), 1_000_000 * MICROS),
            ((0,) * 20, MICROS),
            ((0,) * 20, 1_000_000 * MICROS),
            (tuple(range(0, 20 * 10**12, 10**12)), MICROS),
        ],
    )
    @pytest.mark.parametrize("amount", [1, MICROS, 10**15])
    def test_nothing_raises(self, quantities: tuple[int, ...], liquidity: int, amount: int) -> None:
        """Every function answers, sensibly, for both ends of the book, all liquidities and all amounts."""
        for outcome in (0, len(quantities) - 1):
            charge = lmsr.charge_for_purchase(quantities, liquidity, outcome, amount)
            assert 1 <= charge <= amount
            held = oracle.moved(quantities, outcome, amount)
            assert 0 <= lmsr.proceeds_of_sale(held, liquidity, outcome, amount) <= charge
            bought = lmsr.quantity_for_spend(quantities, liquidity, outcome, amount)
            assert bought >= amount
            assert lmsr.charge_for_purchase(quantities, liquidity, outcome, bought) <= amount
            for limit in (1, MICROS // 2, MICROS - 1):
                up = lmsr.most_to_buy(quantities, liquidity, outcome, limit)
                down = lmsr.most_to_sell(quantities, liquidity, outcome, limit)
                assert up + down in {-1, 0}
        assert sum(lmsr.shown_prices(quantities, liquidity)) == pytest.approx(MICROS, abs=10)
        assert oracle.fraction_of(lmsr.cost(quantities, liquidity)) >= max(quantities)
        assert lmsr.worst_loss(liquidity, len(quantities)) > 0


class TestMoney:
    """Charges, proceeds and spends against the oracle."""

    @given(setups(), amounts())
    def test_charge_is_the_ceiling_of_the_cost(self, setup: Setup, quantity: int) -> None:
        """A purchase is charged ⌈ΔC⌉, at least 1.

        It may be one micro-credit more only where ΔC is less than 1e-29 below an integer: the module adds a margin.
        """
        change = oracle.cost_change(*setup, quantity)
        exact, latest = ceil(change - oracle.ERROR), ceil(change + SLACK)
        assert lmsr.charge_for_purchase(*setup, quantity) in {max(1, exact), max(1, latest)}

    @given(setups(), amounts())
    def test_proceeds_are_the_floor_of_the_value(self, setup: Setup, quantity: int) -> None:
        """A sale brings ⌊-ΔC⌋, never less than nothing and always less than the shares could pay.

        It may be one micro-credit less only where -ΔC is less than 1e-29 above an integer.
        """
        held = setup._replace(quantities=oracle.moved(setup.quantities, setup.outcome, quantity))
        value = -oracle.cost_change(*held, -quantity)
        exact, least = floor(value + oracle.ERROR), floor(value - SLACK)
        proceeds = lmsr.proceeds_of_sale(*held, quantity)
        assert proceeds in {max(0, exact), max(0, least)}
        assert proceeds < quantity

    @given(setups(), amounts())
    def test_round_trip_never_earns(self, setup: Setup, quantity: int) -> None:
        """Whoever buys and sells again, or sells and buys back, has no more than before."""
        held = setup._replace(quantities=oracle.moved(setup.quantities, setup.outcome, quantity))
        assert lmsr.proceeds_of_sale(*held, quantity) <= lmsr.charge_for_purchase(*setup, quantity)

    @given(setups(), amounts(), amounts())
    def test_splitting_a_purchase_saves_nothing(self, setup: Setup, first: int, second: int) -> None:
        """Two purchases cost no less than one of the same size, and at most one more rounding."""
        then = setup._replace(quantities=oracle.moved(setup.quantities, setup.outcome, first))
        split = lmsr.charge_for_purchase(*setup, first) + lmsr.charge_for_purchase(*then, second)
        at_once = lmsr.charge_for_purchase(*setup, first + second)
        assert at_once <= split <= at_once + 1

    @given(setups(), amounts(), amounts(), st.data())
    def test_path_does_not_matter(self, setup: Setup, one: int, other: int, data: st.DataObject) -> None:
        """Buying two outcomes costs the same in either order, to a micro-credit for each trade."""
        second = data.draw(st.integers(0, len(setup.quantities) - 1))
        assume(second != setup.outcome)
        quantities, liquidity, first = setup
        forth = lmsr.charge_for_purchase(quantities, liquidity, first, one)
        forth += lmsr.charge_for_purchase(oracle.moved(quantities, first, one), liquidity, second, other)
        back = lmsr.charge_for_purchase(quantities, liquidity, second, other)
        back += lmsr.charge_for_purchase(oracle.moved(quantities, second, other), liquidity, first, one)
        assert abs(forth - back) <= 2

    @given(setups(), amounts(), amounts())
    def test_more_costs_more(self, setup: Setup, quantity: int, more: int) -> None:
        """Charges, proceeds and what a spend buys grow with the amount."""
        assert lmsr.charge_for_purchase(*setup, quantity) <= lmsr.charge_for_purchase(*setup, quantity + more)
        assert lmsr.quantity_for_spend(*setup, quantity) <= lmsr.quantity_for_spend(*setup, quantity + more)
        held = setup._replace(quantities=oracle.moved(setup.quantities, setup.outcome, quantity + more))
        assert lmsr.proceeds_of_sale(*held, quantity) <= lmsr.proceeds_of_sale(*held, quantity + more)

    @given(setups(), amounts())
    def test_spend_buys_all_it_can(self, setup: Setup, spend: int) -> None:
        """A spend buys at least as many micro-shares, is charged no more than the spend, and one more is too much."""
        quantity = lmsr.quantity_for_spend(*setup, spend)
        assert quantity >= spend
        assert lmsr.charge_for_purchase(*setup, quantity) <= spend < lmsr.charge_for_purchase(*setup, quantity + 1)

    @given(setups(), amounts())
    def test_spend_agrees_with_the_cost(self, setup: Setup, spend: int) -> None:
        """By the oracle what a spend buys costs no more than the spend, and two micro-shares more would."""
        quantity = lmsr.quantity_for_spend(*setup, spend)
        assert oracle.cost_change(*setup, quantity) <= spend + oracle.ERROR
        assert oracle.cost_change(*setup, quantity + 2) > spend

    @given(st.integers(MICROS, 10**12), st.integers(2, 20))
    def test_worst_loss_is_the_cost_of_an_empty_book(self, liquidity: int, outcomes: int) -> None:
        """The worst loss is ⌈b ln n⌉, which is ⌈C(0)⌉."""
        assert lmsr.worst_loss(liquidity, outcomes) == ceil(oracle.worst_loss(liquidity, outcomes))
        assert lmsr.worst_loss(liquidity, outcomes) == ceil(oracle.cost((0,) * outcomes, liquidity))

    @settings(max_examples=60)
    @given(setups(most_outcomes=5), st.lists(st.tuples(st.integers(0, 4), amounts(), st.booleans()), max_size=12))
    def test_loss_is_bounded(self, setup: Setup, trades: list[tuple[int, int, bool]]) -> None:
        """From the worst loss on, no sequence of trades leaves the pool below C(q), nor below any payout.

        Nor does it keep more than a micro-credit for each trade and one for the subsidy.
        """
        quantities, liquidity = (0,) * len(setup.quantities), setup.liquidity
        pool = lmsr.worst_loss(liquidity, len(quantities))
        for count, (choice, amount, sells) in enumerate(trades, start=1):
            outcome = choice % len(quantities)
            if sells:
                quantity = min(amount, quantities[outcome])
                pool -= lmsr.proceeds_of_sale(quantities, liquidity, outcome, quantity) if quantity else 0
                quantities = oracle.moved(quantities, outcome, -quantity)
            else:
                pool += lmsr.charge_for_purchase(quantities, liquidity, outcome, amount)
                quantities = oracle.moved(quantities, outcome, amount)
            owed = oracle.cost(quantities, liquidity)
            assert pool >= max(quantities)
            assert owed - oracle.ERROR <= pool <= owed + count + 1


class TestPrices:
    """Prices, and the quantities that reach a limit."""

    @given(setups())
    def test_prices_are_the_formula(self, setup: Setup) -> None:
        """Each price is the oracle's, and together they are one, within 1e-50."""
        found = [oracle.fraction_of(price) for price in lmsr.prices(setup.quantities, setup.liquidity)]
        assert abs(sum(found, Fraction(-1))) < Fraction(1, 10**50)
        expected = oracle.price(*setup)
        assert abs(found[setup.outcome] - expected) < Fraction(1, 10**50)

    @given(setups())
    def test_shown_prices_are_rounded(self, setup: Setup) -> None:
        """A shown price is the price in millionths, to the nearest."""
        shown = lmsr.shown_prices(setup.quantities, setup.liquidity)
        assert abs(shown[setup.outcome] - oracle.price(*setup) * MICROS) <= Fraction(1, 2) + TIE

    @pytest.mark.parametrize("outcomes", [2, 3, 4, 20])
    def test_shown_prices_of_an_untouched_book(self, outcomes: int) -> None:
        """Nobody has said anything: all outcomes show the same, each rounded by itself."""
        assert lmsr.shown_prices((0,) * outcomes, MICROS) == (round(Fraction(MICROS, outcomes)),) * outcomes

    @given(setups(), amounts())
    def test_buying_raises_one_price_and_lowers_the_others(self, setup: Setup, quantity: int) -> None:
        """A purchase never lowers the price of what is bought, nor raises another."""
        before = lmsr.prices(setup.quantities, setup.liquidity)
        after = lmsr.prices(oracle.moved(setup.quantities, setup.outcome, quantity), setup.liquidity)
        for index, (was, is_) in enumerate(zip(before, after, strict=True)):
            assert is_ >= was if index == setup.outcome else is_ <= was

    @given(setups(), amounts())
    def test_cost_lies_between_the_prices(self, setup: Setup, quantity: int) -> None:
        """A purchase costs no less than its size at the price before, and no more than at the price after."""
        quantities, liquidity, outcome = setup
        charge = lmsr.charge_for_purchase(*setup, quantity)
        before = oracle.price(*setup)
        after = oracle.price(oracle.moved(quantities, outcome, quantity), liquidity, outcome)
        assert before * quantity - TIE <= charge <= max(1, ceil(after * quantity + SLACK))

    @given(setups(), st.integers(1, MICROS - 1))
    def test_most_to_buy_stays_within_the_limit(self, setup: Setup, limit: int) -> None:
        """After the most there is to buy the price is at or below the limit; one micro-share more crosses it."""
        quantities, liquidity, outcome = setup
        most, price = lmsr.most_to_buy(*setup, limit), Fraction(limit, MICROS)
        assert oracle.price(oracle.moved(quantities, outcome, most), liquidity, outcome) <= price + TIE
        assert oracle.price(oracle.moved(quantities, outcome, most + 1), liquidity, outcome) > price

    @given(setups(), st.integers(1, MICROS - 1))
    def test_most_to_sell_stays_within_the_limit(self, setup: Setup, limit: int) -> None:
        """After the most there is to sell the price is at or above the limit; one micro-share more crosses it."""
        quantities, liquidity, outcome = setup
        most, price = lmsr.most_to_sell(*setup, limit), Fraction(limit, MICROS)
        assert oracle.price(oracle.moved(quantities, outcome, -most), liquidity, outcome) >= price - TIE
        assert oracle.price(oracle.moved(quantities, outcome, -most - 1), liquidity, outcome) < price

    @given(st.sampled_from([2, 4, 5, 8, 10, 16, 20]), st.integers(MICROS, 10**12), st.integers(0, 10**15))
    def test_exact_ties_are_allowed(self, outcomes: int, liquidity: int, lead: int) -> None:
        """A limit that is reached exactly, at equal quantities, is within the limit: not one micro-share is lost."""
        limit = MICROS // outcomes
        behind = (0,) + (lead,) * (outcomes - 1)
        ahead = (lead,) + (0,) * (outcomes - 1)
        assert lmsr.most_to_buy(behind, liquidity, 0, limit) == lead
        assert lmsr.most_to_sell(behind, liquidity, 0, limit) == -lead
        assert lmsr.most_to_sell(ahead, liquidity, 0, limit) == lead
        assert lmsr.most_to_buy(ahead, liquidity, 0, limit) == -lead


def _everything(setup: Setup, amount: int) -> list[object]:
    """All that the module can say of a book."""
    quantities, liquidity, _ = setup
    limit = amount % (MICROS - 1) + 1
    each: list[Callable[[Sequence[int], int, int, int], int]] = [
        lmsr.charge_for_purchase,
        lmsr.proceeds_of_sale,
        lmsr.quantity_for_spend,
    ]
    return [
        lmsr.cost(quantities, liquidity).as_tuple(),
        lmsr.worst_loss(liquidity, len(quantities)),
        [price.as_tuple() for price in lmsr.prices(quantities, liquidity)],
        lmsr.shown_prices(quantities, liquidity),
        [compute(*setup, amount) for compute in each],
        [compute(*setup, limit) for compute in (lmsr.most_to_buy, lmsr.most_to_sell)],
    ]


REMEMBERED = (lmsr._weights, lmsr._cost, lmsr._shown_prices, lmsr._proceeds_of_sale)


class TestRemembered:
    """What reads ask for again and again is computed once for each state of a book."""

    @settings(max_examples=50)
    @given(setup=setups(), amount=amounts())
    def test_it_is_what_is_computed(self, setup: Setup, amount: int) -> None:
        """The first answer, the remembered one and the one that is computed anew are the same."""
        quantities, liquidity, outcome = setup
        computed = (
            lmsr._shown_prices.__wrapped__(quantities, liquidity),
            lmsr._proceeds_of_sale.__wrapped__(quantities, liquidity, outcome, amount),
            lmsr._weights.__wrapped__(quantities, liquidity),
            lmsr._cost.__wrapped__(quantities, liquidity),
        )
        for form in (quantities, list(quantities)):
            remembered = (
                lmsr.shown_prices(form, liquidity),
                lmsr.proceeds_of_sale(form, liquidity, outcome, amount),
                lmsr._weights(quantities, liquidity),
                lmsr.cost(form, liquidity),
            )
            assert remembered == computed

    def test_a_state_is_computed_once(self) -> None:
        """Another quantity, another liquidity and another order of the outcomes are other states."""
        lmsr._shown_prices.cache_clear()
        states = [((1, 2), MICROS), ((2, 1), MICROS), ((1, 2), 2 * MICROS), ((1, 2, 0), MICROS)]
        for quantities, liquidity in states * 2:
            lmsr.shown_prices(quantities, liquidity)
        assert lmsr._shown_prices.cache_info()[:2] == (len(states), len(states))

    def test_it_is_bounded(self) -> None:
        """However many states there are, only so many are kept."""
        assert [remembered.cache_info().maxsize for remembered in REMEMBERED] == [4096, 4096, 4096, 8192]


class TestCallersContext:
    """Decimal arithmetic depends on a context of the thread: the market maker has its own."""

    @pytest.mark.parametrize(
        "context",
        [
            Context(prec=5, rounding=decimal.ROUND_UP),
            Context(prec=1, rounding=decimal.ROUND_DOWN, Emin=-1, Emax=1, capitals=0, clamp=1),
            Context(prec=1000, rounding=decimal.ROUND_CEILING),
            Context(
                prec=9,
                traps=[
                    decimal.Clamped,
                    decimal.DivisionByZero,
                    decimal.FloatOperation,
                    decimal.Inexact,
                    decimal.InvalidOperation,
                    decimal.Overflow,
                    decimal.Rounded,
                    decimal.Subnormal,
                    decimal.Underflow,
                ],
            ),
        ],
        ids=["5 digits up", "1 digit down", "1000 digits", "all traps"],
    )
    @settings(max_examples=25)
    @given(setup=setups(most_outcomes=6), amount=amounts())
    def test_results_are_the_same(self, context: Context, setup: Setup, amount: int) -> None:
        """Whatever the caller's precision, rounding and traps: every digit is the same, and the context left alone."""
        expected = _everything(setup, amount)
        for remembered in REMEMBERED:
            remembered.cache_clear()
        with localcontext(context) as current:
            current.clear_flags()
            before = repr(current)
            assert _everything(setup, amount) == expected
            assert repr(decimal.getcontext()) == before

    @settings(max_examples=25)
    @given(setups())
    def test_cost_is_the_oracles(self, setup: Setup) -> None:
        """The unrounded cost is the oracle's to 1e-35 of a micro-credit: far below what rounding could show."""
        found = oracle.fraction_of(lmsr.cost(setup.quantities, setup.liquidity))
        assert abs(found - oracle.cost(setup.quantities, setup.liquidity)) < Fraction(1, 10**35)


@pytest.mark.parametrize(("held", "liquidity", "spend"), [(999_999_999, 7_936_508, 1), (999_999_993, 7_843_138, 7)])
def test_spend_on_the_all_but_certain_buys_its_face_value(held: int, liquidity: int, spend: int) -> None:
    """A price is below one, so a spend buys at least as many micro-shares, also where the last digit rounds down."""
    assert lmsr.quantity_for_spend((held, 0), liquidity, 0, spend) == spend
