"""An account's journal made whole again: holes filled, entries that no longer count annulled, money returned.

The journal is append-only, so nothing vanishes from it. An entry that is missing between others moved an amount that
the balances on either side of it tell; it is put back as a movement of that amount, and a later entry takes the amount
back, since nobody knows what it was for. An entry of a trade or a payment that no longer counts stays as a movement
without its trade, and a later entry takes it back as well. Where an account has spent what is taken back, the house
gives it the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from domain.application.instance.reconciliation.consequences import Charge
from domain.model.kernel.money import ZERO, Money, add_money, negate_money, subtract_money, sum_money
from domain.model.kernel.notation import format_micros
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry, Posting, pool_of
from domain.model.trading.market import MAX_REASON
from domain.port.out.store import Change, Insert, Replace

_LOST = "Restored: the entry that was here was lost."
_SHORT = "Restored: given by the house, since what was taken back had been spent."


@dataclass(frozen=True, slots=True)
class Mend:
    """Changes of the journal that belong together.

    Args:
        finding: what was wrong, in plain words.
        changes: entries put back or annulled, each under its own number.
        returned: what a later entry moves to take it back; None where nothing is to be taken back.
    """

    finding: str
    changes: tuple[Change, ...]
    returned: "Return | None"


class Return(NamedTuple):
    """A movement that takes another one back: its kind, amount and counterparty, and why."""

    kind: EntryKind
    amount: Money
    counterparty: str
    reason: str
    market: str | None = None
    revision: int | None = None


def find_mends(
    account: str, entries: Sequence[JournalEntry], annulled: Mapping[int, str], charges: Sequence[Charge]
) -> list[Mend]:
    """What has to be mended of a journal.

    Args:
        account: whose it is.
        entries: all there are, in the order of their numbers.
        annulled: the numbers of those that no longer count, each with the reason.
        charges: subsidies that are missing from it.
    """
    return [
        *_fill_holes(account, entries),
        *(_annul(entry, annulled[entry.seq]) for entry in entries if entry.seq in annulled),
        *(_charge(charge) for charge in charges),
    ]


def append_returns(
    account: str, last: JournalEntry | None, balance: Money, returns: Sequence[Return], now: datetime
) -> list[JournalEntry]:
    """The entries that take movements back: first what the house has to give, then receipts, then payments.

    Args:
        account: whose they are.
        last: its last entry.
        balance: what it holds without the movements that are taken back.
        returns: what is taken back.
        now: the instant of the entries.
    """
    ordered = sorted(returns, key=lambda each: -each.amount.amount)
    if balance.amount < 0:
        ordered.insert(0, Return(EntryKind.GRANT, negate_money(balance), HOUSE, _SHORT))
    seq, running = (last.seq, last.balance_after) if last else (0, ZERO)
    entries = list[JournalEntry]()
    for seq_, each in enumerate(ordered, start=seq + 1):
        running = add_money(running, each.amount)
        entries.append(_entry(account, seq_, each, running, now))
    return entries


def _entry(account: str, seq: int, moved: Return, balance: Money, now: datetime) -> JournalEntry:
    return JournalEntry(
        account=account,
        seq=seq,
        kind=moved.kind,
        postings=(Posting(account, moved.amount), Posting(moved.counterparty, negate_money(moved.amount))),
        balance_after=balance,
        market=moved.market,
        reason=moved.reason[:MAX_REASON],
        created_at=now,
        trade=None,
        version=0 if moved.market else None,
        revision=moved.revision,
    )


def _fill_holes(account: str, entries: Sequence[JournalEntry]) -> list[Mend]:
    before = (
        JournalEntry(account, 0, EntryKind.GRANT, (), ZERO, None, None, entries[0].created_at, None)
        if entries
        else None
    )
    return [
        _fill(account, earlier, later)
        for earlier, later in pairwise([*([before] if before else []), *entries])
        if later.seq != earlier.seq + 1
    ]


def _fill(account: str, before: JournalEntry, after: JournalEntry) -> Mend:
    """Put back what is missing between two entries: the first of it with all of the money."""
    seq = before.seq + 1
    balance = subtract_money(after.balance_after, after.amount)
    amount = subtract_money(balance, before.balance_after)
    is_first = seq == 1
    kind = EntryKind.STARTING_GRANT if is_first else EntryKind.GRANT
    moved = [Return(kind, each, HOUSE, _LOST) for each in (amount, *[ZERO] * (after.seq - seq - 1))]
    filled = tuple(
        Insert(_entry(account, number, each, balance, after.created_at)) for number, each in enumerate(moved, start=seq)
    )
    reason = f"Restored: entry {seq} was lost, and what it moved is taken back."
    returned = None if is_first or not amount.amount else Return(EntryKind.GRANT, negate_money(amount), HOUSE, reason)
    span = f"entry {seq} is" if len(moved) == 1 else f"entries {seq} to {after.seq - 1} are"
    kept = "taken for the starting grant" if is_first else "taken back"
    return Mend(f"{span} missing, which moved {format_micros(amount.amount)}: put back, and {kept}", filled, returned)


def _annul(entry: JournalEntry, why: str) -> Mend:
    what = f"trade {entry.trade.version} of {entry.market}" if entry.trade else f"{entry.kind.value} of {entry.market}"
    reason = f"Restored: {what} is annulled"
    counterparty = entry.postings[1].name
    bare = replace(entry, trade=None, market=None, version=None, revision=None, reason=f"{reason}."[:MAX_REASON])
    returned = Return(EntryKind.GRANT, negate_money(entry.amount), counterparty, f"{reason}, and taken back.")
    proof = f" (id {entry.trade.id}, digest {entry.trade.digest})" if entry.trade else ""
    finding = f"entry {entry.seq}, {what} for {format_micros(entry.amount.amount)}{proof}, no longer counts: {why}"
    return Mend(finding, (Replace(bare, read=entry),), returned if entry.amount.amount else None)


def _charge(charge: Charge) -> Mend:
    amount = negate_money(charge.subsidy)
    reason = "Restored: the entry of the subsidy was lost."
    returned = Return(EntryKind.SUBSIDY, amount, pool_of(charge.market), reason, charge.market, charge.revision)
    return Mend(f"the subsidy of {charge.market}, {format_micros(-amount.amount)}, is missing: charged", (), returned)


def balance_of(entries: Sequence[JournalEntry], mends: Sequence[Mend]) -> Money:
    """What the account holds once everything is mended, before the house gives anything."""
    put_back = [each.record.amount for mend in mends for each in mend.changes if isinstance(each, Insert)]
    returned = [mend.returned.amount for mend in mends if mend.returned]
    return sum_money([*(entry.amount for entry in entries), *put_back, *returned])
