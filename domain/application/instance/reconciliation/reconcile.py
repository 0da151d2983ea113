"""Find everything that is stored otherwise than the ledger says."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.application.instance.reconciliation.account_repairs import ACCOUNT_KINDS, Issued, repair_account
from domain.application.instance.reconciliation.consequences import Consequences
from domain.application.instance.reconciliation.groups import group_records
from domain.application.instance.reconciliation.market_repairs import MARKET_KINDS, repair_market
from domain.application.instance.reconciliation.repair import Repair
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import EntryKind, JournalEntry, pool_of
from domain.port.out.reconciliation import StoredRecords
from domain.port.out.store import Remove


def find_repairs(stored: StoredRecords, now: datetime) -> Iterator[Repair]:
    """What has to be changed so that everything stored follows from the ledger; nothing where it does.

    The changes of one repair are made in one transaction, and repairs in their order. Stopping between two of them does
    no harm: what is left is found the next time.

    Args:
        stored: everything, as of one instant.
        now: the instant of what has to be appended to the ledger.
    """
    consequences, is_right = Consequences(), True
    sums = {sum_.name: sum_ for sum_ in stored.every(LedgerSum)}
    for group in group_records(stored, MARKET_KINDS):
        for repair in repair_market(group, sums.get(pool_of(group.name)), consequences, now):
            is_right = False
            yield repair
    issued = _issued(stored.every(JournalEntry))
    for group in group_records(stored, ACCOUNT_KINDS):
        for repair in repair_account(group, sums.get(group.name), consequences, issued, now):
            is_right = False
            yield repair
    if not is_right:
        for walk in stored.every(AuditWalk):
            yield Repair("the audit", ("its walk began before this: it begins anew",), (Remove(walk),))


def _issued(entries: Iterable[JournalEntry]) -> Issued:
    granted, opened = dict[str, datetime](), set[str]()
    for entry in entries:
        opened.add(entry.account)
        if entry.kind is EntryKind.GRANT:
            granted[entry.id] = entry.created_at
    return Issued(granted, opened)
