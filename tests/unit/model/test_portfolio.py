from dataclasses import replace

from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.ledger.account import Account
from domain.model.ledger.portfolio import Portfolio, PortfolioLine, value_holding
from domain.model.trading.book import Book
from domain.model.trading.market import MarketStatus
from domain.model.trading.position import Position, empty_position
from tests.unit.model.builders import LATER, NOW, active_book, active_market, buy, trade_on

ALICE = Account("alice", Money(7 * MICROS), 3, 1, NOW)


def held_book(outcomes: tuple[str, ...] = ("YES", "NO")) -> Book:
    """A book on which everybody together holds ten shares of each outcome, so that prices are even."""
    return replace(active_book(outcomes), quantities=(10 * MICROS,) * len(outcomes))


def test_a_line_for_each_outcome_held() -> None:
    """Shares are listed by outcome with what was spent on them; an outcome of which nothing is left is not."""
    market, book = active_market(("A", "B", "C")), held_book(("A", "B", "C"))
    position = Position("alice", "rain", (3 * MICROS, 0, 1), (Money(-5), Money(9), Money(1)), 4)
    lines = value_holding(position, market, book, NOW)
    assert lines == [
        PortfolioLine(
            market="rain",
            name="Will it rain?",
            status=MarketStatus.ACTIVE,
            outcome="A",
            quantity=3 * MICROS,
            price=333_333,
            value=Money(999_999),
            spent=Money(-5),
            sale_value=Money(990_033),
        ),
        PortfolioLine(
            market="rain",
            name="Will it rain?",
            status=MarketStatus.ACTIVE,
            outcome="C",
            quantity=1,
            price=333_333,
            value=ZERO,
            spent=Money(1),
            sale_value=ZERO,
        ),
    ]


def test_value_is_rounded_down() -> None:
    """A value is the quantity at the shown price, never rounded up."""
    market, book = active_market(), held_book()
    for quantity, value in ((1, 0), (2, 1), (3, 1), (MICROS, 500_000), (MICROS + 1, 500_000)):
        position = Position("alice", "rain", (quantity, 0), (ZERO, ZERO), 1)
        assert [line.value for line in value_holding(position, market, book, NOW)] == [Money(value)]


def test_prices_are_those_after_the_last_trade() -> None:
    """Whoever moved the price holds at the price it moved to."""
    traded = trade_on(active_book(), None, buy("YES", 100 * MICROS))
    (line,) = value_holding(traded.position, active_market(), traded.book, NOW)
    assert (line.outcome, line.price, line.value) == ("YES", 731_059, Money(73_105_900))
    assert line.spent == Money(62_011_451)


def test_status_is_what_it_reads_now() -> None:
    """A line's market reads CLOSED from its closing time on."""
    market, position = active_market(closes_at=LATER), Position("alice", "rain", (1, 0), (ZERO, ZERO), 1)
    book = replace(held_book(), closes_at=LATER)
    statuses = [value_holding(position, market, book, now)[0].status for now in (NOW, LATER)]
    assert statuses == [MarketStatus.ACTIVE, MarketStatus.CLOSED]


def test_nothing_held_is_no_line() -> None:
    """A position that was sold out has no lines."""
    assert value_holding(empty_position("alice", "rain", 2), active_market(), active_book(), NOW) == []


def test_equity_is_balance_and_values() -> None:
    """Equity is the balance alone without shares, and with them the balance and all values."""
    assert Portfolio(ALICE, ()).equity == Money(7 * MICROS)
    position = Position("alice", "rain", (3 * MICROS, 5 * MICROS), (ZERO, ZERO), 1)
    lines = tuple(value_holding(position, active_market(), held_book(), NOW))
    assert Portfolio(ALICE, lines).equity == Money(11 * MICROS)


def test_shares_that_were_sold_while_they_were_read() -> None:
    """A position of before a sale beside the book of after it has a value, and nobody knows what selling it brings."""
    market, book = active_market(), held_book()
    position = Position("alice", "rain", (10 * MICROS + 1, 0), (ZERO, ZERO), 1)
    (line,) = value_holding(position, market, book, NOW)
    assert (line.value, line.sale_value) == (Money(5 * MICROS), None)
