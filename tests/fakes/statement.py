"""The books must balance: one check for every test that moves money."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from domain.model.ledger.account import Account
from domain.model.ledger.journal import HOUSE, JournalEntry, pool_of
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import MarketStatus
from domain.model.trading.trade import NO_TRADE_DIGEST, Trade, trade_digest
from tests.fakes.memory import MemoryStore


@dataclass(frozen=True)
class Statement:
    """All money there is, and how it came where it is."""

    accounts: tuple[Account, ...]
    books: tuple[Book, ...]
    tallies: tuple[Tally, ...]
    entries: tuple[JournalEntry, ...]


def statement_of(store: MemoryStore) -> Statement:
    """The statement of everything in a store."""
    return Statement(
        tuple(store.every(Account)),
        tuple(store.every(Book)),
        tuple(store.every(Tally)),
        tuple(store.every(JournalEntry)),
    )


def assert_balanced(statement: Statement, issued: int | None = None) -> None:
    """Check that no money and no trade was made or lost.

    Balances and pools, less what the tallies of a settling market have paid, sum to what was issued; every balance
    and every pool is the sum of its postings; entries are numbered without gaps and carry the balance they lead to;
    the trades of each market are numbered without gaps, chained by digest and end in the book's head.

    Args:
        statement: what is checked.
        issued: the micro-credits that must have been issued; None to take the ledger's word.
    """
    posted = Counter[str]()
    for entry in statement.entries:
        posted.update({posting.name: posting.amount.amount for posting in entry.postings})
    assert posted.total() == 0
    pools = {pool_of(book.slug): _pool(book, statement.tallies) for book in statement.books}
    balances = {account.id: account.balance.amount for account in statement.accounts}
    assert {name: amount for name, amount in posted.items() if amount and name != HOUSE} == {
        name: amount for name, amount in (pools | balances).items() if amount
    }
    total = sum(balances.values()) + sum(pools.values())
    assert total == -posted[HOUSE]
    assert total == (total if issued is None else issued)
    assert min([*balances.values(), *pools.values()], default=0) >= 0
    for account in statement.accounts:
        _assert_journal(account, [entry for entry in statement.entries if entry.account == account.id])
    for book in statement.books:
        _assert_chain(book, (entry.trade for entry in statement.entries if entry.trade))
        assert book.status in {MarketStatus.RESOLVED, MarketStatus.VOIDED} or book.pool.amount >= max(book.quantities)


def _pool(book: Book, tallies: Iterable[Tally]) -> int:
    """What is left in a pool: the book keeps the amount that it was frozen with until the market is final."""
    paid = sum(tally.paid.amount for tally in tallies if tally.market == book.slug)
    return book.pool.amount - (paid if book.status is MarketStatus.SETTLING else 0)


def _assert_journal(account: Account, entries: list[JournalEntry]) -> None:
    entries.sort(key=lambda entry: entry.seq)
    assert [entry.seq for entry in entries] == list(range(1, account.seq + 1))
    running = list(accumulate(entry.amount.amount for entry in entries))
    assert [entry.balance_after.amount for entry in entries] == running
    assert account.balance.amount == (running or [0])[-1]
    assert min(running, default=0) >= 0


def _assert_chain(book: Book, trades: Iterable[Trade]) -> None:
    chain = sorted((trade for trade in trades if trade.market == book.slug), key=lambda trade: trade.version)
    assert [trade.version for trade in chain] == list(range(1, book.version + 1))
    head = NO_TRADE_DIGEST
    for trade in chain:
        assert trade.digest == trade_digest(head, trade)
        head = trade.digest
    assert book.head == head
    assert sum(trade.amount.amount for trade in chain) == book.volume.amount
