from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.errors import BalanceLimitExceededError, InsufficientFundsError
from domain.model.kernel.money import BALANCE_LIMIT, MICROS, ZERO, CurrencyMismatchError, Money, sum_money
from domain.model.ledger.account import Account, move_money, open_account
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry, Posting, pool_of
from tests.unit.model.builders import NOW, active_book, buy, trade_on

REQUESTED = [EntryKind.STARTING_GRANT, EntryKind.GRANT, EntryKind.SELL]
OWED = [EntryKind.PAYOUT, EntryKind.REFUND, EntryKind.SUBSIDY_RETURN]


def account_of(balance: int) -> Account:
    """Alice's account, whose last entry is her third."""
    return Account("alice", Money(balance), 3, 0, NOW)


def test_opening_issues_the_grant() -> None:
    """A new account holds what the house granted, in its first entry."""
    account, entry = (opened := open_account("alice", Money(1000 * MICROS), NOW)).account, opened.entry
    assert account == Account("alice", Money(1000 * MICROS), 1, 0, NOW)
    assert (entry.id, entry.kind, entry.balance_after) == ("alice:1", EntryKind.STARTING_GRANT, account.balance)
    assert entry.postings == (Posting("alice", Money(1000 * MICROS)), Posting(HOUSE, Money(-1000 * MICROS)))


def test_opening_without_a_grant() -> None:
    """An instance may start its accounts with nothing; the entry is there all the same."""
    opened = open_account("alice", ZERO, NOW)
    assert (opened.account.balance, opened.account.seq, opened.entry.amount) == (ZERO, 1, ZERO)


def test_a_movement_is_the_next_entry() -> None:
    """Money that moves changes the balance, takes the next number and is told with all that is known about it."""
    traded = trade_on(active_book(), None, buy("YES", MICROS))
    paid = Money(-traded.fill.amount.amount)
    moved = move_money(
        account_of(5 * MICROS), EntryKind.BUY, paid, pool_of("rain"), NOW, market="rain", trade=traded.trade
    )
    assert moved.account == replace(account_of(5 * MICROS + paid.amount), seq=4)
    assert moved.entry == JournalEntry(
        account="alice",
        seq=4,
        kind=EntryKind.BUY,
        postings=(Posting("alice", paid), Posting("market:rain", traded.fill.amount)),
        balance_after=moved.account.balance,
        market="rain",
        reason=None,
        created_at=NOW,
        trade=traded.trade,
    )


def test_a_grant_keeps_its_reason() -> None:
    """What a person gave as the reason stays with the entry."""
    moved = move_money(account_of(0), EntryKind.GRANT, Money(1), HOUSE, NOW, reason="for the quiz")
    assert (moved.entry.reason, moved.entry.market, moved.entry.trade) == ("for the quiz", None, None)


@given(st.integers(0, BALANCE_LIMIT.amount), st.integers(), st.sampled_from(EntryKind))
def test_movements_conserve_money(balance: int, amount: int, kind: EntryKind) -> None:
    """Either the movement is refused, or the balance changes by the amount and the postings sum to zero."""
    before = account_of(balance)
    try:
        moved = move_money(before, kind, Money(amount), HOUSE, NOW)
    except InsufficientFundsError:
        assert balance + amount < 0
    except BalanceLimitExceededError:
        assert balance + amount > BALANCE_LIMIT.amount
    else:
        assert moved.account.balance == Money(balance + amount)
        assert moved.account.balance.amount >= 0
        assert sum_money(posting.amount for posting in moved.entry.postings) == ZERO
        assert moved.entry.amount == Money(amount)
        assert moved.entry.balance_after == moved.account.balance


def test_the_last_micro_credit_can_be_spent() -> None:
    """A balance may fall to zero, and not a micro-credit further."""
    moved = move_money(account_of(7), EntryKind.BUY, Money(-7), pool_of("rain"), NOW)
    assert moved.account.balance == ZERO
    with pytest.raises(InsufficientFundsError) as refusal:
        move_money(moved.account, EntryKind.BUY, Money(-1), pool_of("rain"), NOW)
    assert refusal.value.code == "insufficient-funds"
    assert "0.000001" in str(refusal.value)


@pytest.mark.parametrize("kind", [*EntryKind])
def test_no_kind_of_movement_overdraws(kind: EntryKind) -> None:
    """Whatever the reason, a balance is never negative."""
    with pytest.raises(InsufficientFundsError):
        move_money(account_of(1), kind, Money(-2), HOUSE, NOW)


@pytest.mark.parametrize("kind", REQUESTED)
def test_requests_stop_at_the_limit(kind: EntryKind) -> None:
    """A request may fill a balance to exactly a thousand million credits, and no further."""
    full = move_money(account_of(BALANCE_LIMIT.amount - 1), kind, Money(1), HOUSE, NOW).account
    assert full.balance == Money(10**15)
    with pytest.raises(BalanceLimitExceededError) as refusal:
        move_money(full, kind, Money(1), HOUSE, NOW)
    assert refusal.value.code == "balance-limit-exceeded"


@pytest.mark.parametrize("kind", OWED)
def test_what_is_owed_is_paid_over_the_limit(kind: EntryKind) -> None:
    """Settlement is no request: it pays a full account too."""
    moved = move_money(account_of(BALANCE_LIMIT.amount), kind, Money(5), pool_of("rain"), NOW)
    assert moved.account.balance == Money(BALANCE_LIMIT.amount + 5)


def test_an_account_over_the_limit_can_still_pay() -> None:
    """The limit refuses what lifts a balance, never what lowers it."""
    over = account_of(BALANCE_LIMIT.amount + 5)
    assert move_money(over, EntryKind.BUY, Money(-1), HOUSE, NOW).account.balance == Money(BALANCE_LIMIT.amount + 4)


def test_balances_are_credits() -> None:
    """Another currency does not enter an account of credits."""
    with pytest.raises(CurrencyMismatchError):
        move_money(account_of(0), EntryKind.GRANT, Money(1, "EUR"), HOUSE, NOW)


def test_an_entry_that_makes_money_cannot_exist() -> None:
    """An entry whose postings do not sum to zero is a bug, found where it is made and named."""
    entry = open_account("alice", Money(5), NOW).entry
    with pytest.raises(ValueError, match="alice:1"):
        replace(entry, postings=(Posting("alice", Money(5)), Posting(HOUSE, Money(-4))))
