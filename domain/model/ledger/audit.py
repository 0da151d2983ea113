"""The audit: what is stored must be what the ledger adds up to, name by name and in all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from domain.model.kernel.money import ZERO, Money, add_money, negate_money, subtract_money, sum_money
from domain.model.kernel.record import record
from domain.model.ledger.account import Account
from domain.model.ledger.journal import HOUSE, JournalEntry, pool_of
from domain.model.trading.book import Book
from domain.model.trading.market import FINAL
from domain.model.trading.trade import Side, Trade


@dataclass(frozen=True, slots=True)
class Audit:
    """Whether the books balance.

    Args:
        issued: what the house has given out.
        balances: what accounts hold.
        pools: what the pools of markets hold.
        as_of: when that was so.
    """

    issued: Money
    balances: Money
    pools: Money
    as_of: datetime

    @property
    def difference(self) -> Money:
        """What was issued and is held by nobody; negative when more is held than was issued. Zero in good books."""
        return subtract_money(self.issued, add_money(self.balances, self.pools))


NO_AUDIT = Audit(ZERO, ZERO, ZERO, datetime(1970, 1, 1, tzinfo=UTC))
"""What is known before the first walk is complete: that once nothing was issued."""


@record("ledger_sum", key=("name",), counters=("seq",))
@dataclass(frozen=True, slots=True)
class LedgerSum:
    """What the first entries of one posting name add up to. The ledger is append-only, so this stays true.

    Args:
        name: an account, or the pool of a market.
        seq: how many entries of the account, or trades of the market, are in it.
        amount: what the name received in them.
        issued: how much of that the house gave.
    """

    name: str
    seq: int
    amount: Money
    issued: Money


@record("audit_walk", key=(), counters=("version",))
@dataclass(frozen=True, slots=True)
class AuditWalk:
    """How far a walk over everything that holds credits has come.

    Args:
        version: counts the pages walked, over all walks.
        cursor: where it goes on; None where a new walk begins.
        issued: what the house gave to the accounts walked so far.
        balances: what they hold.
        pools: what the pools hold by the entries of those accounts, and by how much stored pools are wrong.
        audit: what the last complete walk found.
    """

    version: int
    cursor: str | None
    issued: Money
    balances: Money
    pools: Money
    audit: Audit


NEW_WALK = AuditWalk(0, None, ZERO, ZERO, ZERO, NO_AUDIT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One stored balance beside what the ledger makes of it.

    A walk takes time while people trade, so sums over all stored balances would not balance. Each balance is therefore
    compared with the entries up to its own seq, and what these entries say about the house and the pools is what
    counts in the totals: they differ from zero by exactly the sum of what is stored wrongly.

    Args:
        name: an account, or the pool of a market.
        issued: what the house gave by these entries.
        balance: the stored balance, of an account.
        pool: what the pools received by these entries; for a pool, by how much the stored one is too large.
        is_right: whether the stored balance is what the ledger adds up to.
    """

    name: str
    issued: Money
    balance: Money
    pool: Money
    is_right: bool


def empty_sum(name: str) -> LedgerSum:
    """The sum of no entries."""
    return LedgerSum(name, 0, ZERO, ZERO)


def add_entries(sum_: LedgerSum, entries: Sequence[JournalEntry]) -> LedgerSum:
    """The sum with an account's next entries; what follows a gap is left out."""
    for entry in entries:
        if entry.seq != sum_.seq + 1:
            break
        issued = negate_money(sum_money(posting.amount for posting in entry.postings if posting.name == HOUSE))
        sum_ = replace(
            sum_, seq=entry.seq, amount=add_money(sum_.amount, entry.amount), issued=add_money(sum_.issued, issued)
        )
    return sum_


def add_trades(sum_: LedgerSum, trades: Sequence[Trade]) -> LedgerSum:
    """The sum with a pool's next trades; what follows a gap is left out."""
    for trade in trades:
        if trade.version != sum_.seq + 1:
            break
        received = trade.amount if trade.side is Side.BUY else negate_money(trade.amount)
        sum_ = replace(sum_, seq=trade.version, amount=add_money(sum_.amount, received))
    return sum_


def examine_account(account: Account, sum_: LedgerSum) -> Finding:
    """Compare a balance with the sum of the entries up to its seq; fewer entries than that are an error too."""
    return Finding(
        name=account.id,
        issued=sum_.issued,
        balance=account.balance,
        pool=subtract_money(sum_.issued, sum_.amount),
        is_right=sum_.seq == account.seq and sum_.amount == account.balance,
    )


def examine_book(book: Book, sum_: LedgerSum) -> Finding:
    """Compare a pool with its subsidy and the sum of the trades up to its version.

    A final market's pool is empty. Trades are found by an index that may trail behind: a pool whose trades are not all
    there yet counts as right, and is compared the next time.
    """
    due = ZERO if book.status in FINAL else add_money(book.subsidy, sum_.amount)
    is_comparable = book.status in FINAL or sum_.seq == book.version
    excess = subtract_money(book.pool, due) if is_comparable else ZERO
    return Finding(name=pool_of(book.slug), issued=ZERO, balance=ZERO, pool=excess, is_right=not excess.amount)


def advance_walk(walk: AuditWalk, findings: Sequence[Finding], cursor: str | None, now: datetime) -> AuditWalk:
    """The walk after one more page; after the last, which has no cursor, its audit and the beginning of the next."""
    issued = add_money(walk.issued, sum_money(finding.issued for finding in findings))
    balances = add_money(walk.balances, sum_money(finding.balance for finding in findings))
    pools = add_money(walk.pools, sum_money(finding.pool for finding in findings))
    if cursor is None:
        return replace(NEW_WALK, version=walk.version + 1, audit=Audit(issued, balances, pools, now))
    return replace(walk, version=walk.version + 1, cursor=cursor, issued=issued, balances=balances, pools=pools)
