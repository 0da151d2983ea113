"""The measurements of AWS are simulations: the same on every machine, so they can be tests as well."""

from bench.contention.__main__ import measure
from bench.settlement.aws import simulate


def test_a_busy_book_gives_no_order_up() -> None:
    """Eighty orders of half a second: each is filled soon, by few transactions and a few units more than alone."""
    figures = measure("mailbox", 160.0, seconds=0.5)
    assert figures.given_up == 0
    assert figures.p99 < 500
    assert figures.tries < 0.4
    assert figures.write_units < 14


def test_alone_orders_on_a_busy_book_are_in_one_anothers_way() -> None:
    """What the mailbox is for: the same orders directly."""
    figures = measure("direct", 160.0, seconds=0.5)
    assert figures.given_up > 0.1
    assert figures.tries > 3


def test_a_market_is_paid_out_for_few_units() -> None:
    """Everybody is paid, or it fails; a position costs no more units than before there was a hurry (11.1)."""
    assert simulate(1000).units < 11.2
