"""What is stored of an account otherwise than its journal, and the ledgers of its markets, say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Any, NamedTuple

from domain.application.instance.reconciliation.consequences import Consequences
from domain.application.instance.reconciliation.groups import Group
from domain.application.instance.reconciliation.journal import Mend, append_returns, balance_of, find_mends
from domain.application.instance.reconciliation.repair import Difference, Repair, compare, split
from domain.model.kernel.command import RECOVERED, Command
from domain.model.kernel.money import ZERO
from domain.model.ledger.account import Account, OpenedAccount
from domain.model.ledger.audit import LedgerSum, add_entries, empty_sum
from domain.model.ledger.journal import JournalEntry
from domain.model.record.track_record import TrackRecord
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from domain.model.trading.order import Order, OrderStatus
from domain.port.out.store import Change, Insert, Remove

ACCOUNT_KINDS: Mapping[type[Any], str] = {
    Account: "id",
    JournalEntry: "account",
    Command: "account",
    TrackRecord: "account",
}
"""What is read of an account, and where each record names it."""
_TOGETHER = 30
"""Mends of one transaction: each changes an entry and appends one; the account and a gift of the house come on top."""


class Issued(NamedTuple):
    """What answers may say of other accounts: an admin is answered the grant, an invitation the account of a guest.

    Args:
        granted: the instants of all grants in the ledger, by the names of their entries.
        opened: the accounts that have entries in the ledger.
    """

    granted: Mapping[str, datetime]
    opened: AbstractSet[str]


def repair_account(
    group: Group, sum_: LedgerSum | None, consequences: Consequences, issued: Issued, now: datetime
) -> Iterator[Repair]:
    """The repairs of one account.

    Args:
        group: all that is stored of it.
        sum_: what the audit has added up of its entries.
        consequences: what the markets mean for it.
        issued: what the whole ledger says of grants and of new accounts.
        now: the instant of what has to be appended to its journal.
    """
    id_, subject = group.name, f"account {group.name}"
    entries = sorted(group.many(JournalEntry), key=lambda entry: entry.seq)
    annulled = consequences.annulled.get(id_, {})
    mends = find_mends(id_, entries, annulled, consequences.charges.get(id_, ()))
    yield from _repair_journal(subject, group, entries, mends, consequences.held[id_], now)
    if sum_ and (mends or add_entries(empty_sum(id_), entries[: sum_.seq]) != sum_):
        yield from split(subject, [Difference("what the audit has added up is not in its journal", Remove(sum_))])
    valid = [entry for entry in entries if entry.seq not in annulled]
    yield from split(subject, _compare_commands(group.many(Command), valid, consequences.revisions, issued))
    yield from split(subject, _compare_records(group.many(TrackRecord), consequences.records.get(id_, {})))


def _repair_journal(  # noqa: PLR0917 - what it takes to make one transaction after the other
    subject: str,
    group: Group,
    entries: Sequence[JournalEntry],
    mends: Sequence[Mend],
    held: int,
    now: datetime,
) -> Iterator[Repair]:
    """Mend some of the journal in each transaction, and keep the account equal to what its journal says by then."""
    stored, journal = group.one(Account), list(entries)
    for some in batched(mends, _TOGETHER, strict=False) if mends else [()]:
        changes: list[Change] = [change for mend in some for change in mend.changes]
        last = journal[-1] if journal else None
        balance = balance_of(journal, some)
        appended = append_returns(group.name, last, balance, [mend.returned for mend in some if mend.returned], now)
        journal = [*journal, *(each.record for each in changes if isinstance(each, Insert)), *appended]
        journal.sort(key=lambda entry: entry.seq)
        expected = _account(group.name, stored, journal, held)
        found = list(compare("the account", stored, expected))
        if some or found:
            findings = [*(mend.finding for mend in some), *(each.finding for each in found)]
            changes += [*map(Insert, appended), *(each.change for each in found)]
            yield Repair(subject, tuple(findings), tuple(changes))
        stored = expected


def _account(id_: str, stored: Account | None, journal: Sequence[JournalEntry], held: int) -> Account | None:
    if not journal:
        return stored and replace(stored, balance=ZERO, seq=0, markets_held=held)
    known = stored or Account(id_, ZERO, 0, 0, journal[0].created_at)
    return replace(known, balance=balance_of(journal, ()), seq=journal[-1].seq, markets_held=held)


def _compare_commands(
    commands: Iterable[Command],
    entries: Sequence[JournalEntry],
    revisions: Mapping[str, int],
    issued: Issued,
) -> Iterator[Difference]:
    """Answers that tell what is not in the ledger are forgotten, so that it can be asked again; orders are restored."""
    trades = {entry.trade.id: entry for entry in entries if entry.trade}
    remembered = set[str]()
    for command in commands:
        remembered.add(command.id)
        if not _is_in_ledger(command.answer, trades, revisions, issued):
            what = type(command.answer).__name__
            yield Difference(f"the answer {what} of {command.id} tells what is not in the ledger", Remove(command))
    for id_, entry in trades.items():
        if id_ not in remembered:
            yield Difference(f"order {id_} is in the ledger and not remembered", Insert(_recover(entry)))


def _is_in_ledger(
    answer: object, trades: Mapping[str, JournalEntry], revisions: Mapping[str, int], issued: Issued
) -> bool:
    match answer:
        case Order(trades=traded):
            return all(trade.id in trades for trade in traded)
        case JournalEntry():
            return issued.granted.get(answer.id) == answer.created_at
        case OpenedAccount(account=account, created=created):
            return account.id in issued.opened or not created
        case Listing(market=market) if market.status is not MarketStatus.DRAFT:
            return market.revision <= revisions.get(market.slug, -1)
        case _:
            return True


def _recover(entry: JournalEntry) -> Command:
    """The command of an order, of its trade. What was asked beyond what was filled is not in the ledger."""
    trade = entry.trade
    if trade is None:
        raise ValueError(f"entry {entry.id} is no order's")
    order = Order(
        id=trade.id,
        market=trade.market,
        account=trade.account,
        outcome=trade.outcome,
        side=trade.side,
        status=OrderStatus.FILLED,
        quantity=trade.quantity,
        filled_quantity=trade.quantity,
        amount=trade.amount,
        trades=(trade,),
        balance=entry.balance_after,
        created_at=trade.created_at,
    )
    return Command(trade.account, trade.id, RECOVERED, order, trade.created_at)


def _compare_records(
    stored: Iterable[TrackRecord], expected: Mapping[tuple[str, str], TrackRecord]
) -> Iterator[Difference]:
    known = {(each.period, each.tag): each for each in stored}
    for slot in sorted(known.keys() | expected.keys()):
        what = f"the track record of {' '.join(part for part in slot if part)}"
        kept = ("updated_at", "version") if known.get(slot) else ()
        yield from compare(what, known.get(slot), expected.get(slot), kept)
