"""The unbroken part of a market's ledger: from its publication, as far as each record follows from the one before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.event.market_events import EventType, MarketChanged
from domain.model.ledger.journal import EntryKind, JournalEntry
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.trade import NO_TRADE_DIGEST, trade_digest

_PAYMENTS = frozenset({EntryKind.PAYOUT, EntryKind.REFUND})


@dataclass(frozen=True, slots=True)
class Chain:
    """What the ledger says of a market, and what it no longer can.

    Args:
        slug: the market's slug.
        changes: of the market, from its publication on; empty where the ledger has none.
        trades: the entries of its trades, from version 1 on.
        subsidy: the entry that funded its pool, if the ledger has it.
        payments: the payouts or refunds.
        leftover: what went back to its creator.
        is_publication_lost: whether the first change is made of the subsidy, since its own record is missing.
        stray_changes: those behind a gap.
        stray_entries: those behind a gap.
        gap: what is missing, in words; None without a gap.
    """

    slug: str
    changes: tuple[MarketChanged, ...] = ()
    trades: tuple[JournalEntry, ...] = ()
    subsidy: JournalEntry | None = None
    payments: tuple[JournalEntry, ...] = ()
    leftover: JournalEntry | None = None
    is_publication_lost: bool = False
    stray_changes: tuple[MarketChanged, ...] = ()
    stray_entries: tuple[JournalEntry, ...] = ()
    gap: str | None = None


def unbroken_chain(
    slug: str, changes: Iterable[MarketChanged], entries: Sequence[JournalEntry], stored: Market | None
) -> Chain:
    """The market's ledger up to its first gap.

    Every change of a book raises its version or its revision by one, so the next record is the trade of the next
    version at this revision, or the change to the next revision at this version. A trade must carry the digest that
    chains it to the one before.

    Args:
        slug: the market's slug.
        changes: its lifecycle records.
        entries: the journal entries that name it.
        stored: the market as it is stored. It tells what lifecycle records of the first release do not.
    """
    by_revision = {change.revision: change for change in changes if change.status is not MarketStatus.DRAFT}
    subsidy = next((entry for entry in entries if entry.kind is EntryKind.SUBSIDY), None)
    found = by_revision.get(min(by_revision, default=0))
    is_lost = found is None or found.type not in {EventType.PUBLISHED, None}
    publication = _publication_of(slug, subsidy, stored) if is_lost else found
    chain = Chain(
        slug,
        subsidy=subsidy,
        payments=tuple(entry for entry in entries if entry.kind in _PAYMENTS),
        leftover=next((entry for entry in entries if entry.kind is EntryKind.SUBSIDY_RETURN), None),
    )
    traded = {entry.trade.version: entry for entry in entries if entry.trade}
    if publication is None:
        return _all_astray(chain, by_revision.values(), traded.values())
    known = {**by_revision, publication.revision: publication}
    return replace(_walk(chain, publication, known, traded, stored), is_publication_lost=is_lost)


def without_end(chain: Chain) -> Chain:
    """The chain before its last change: a market that is final while somebody is not paid is not final yet."""
    return replace(chain, changes=chain.changes[:-1], stray_changes=(*chain.stray_changes, chain.changes[-1]))


def _publication_of(slug: str, subsidy: JournalEntry | None, stored: Market | None) -> MarketChanged | None:
    if subsidy is None or subsidy.revision is None:
        return None
    return MarketChanged(
        slug,
        subsidy.revision,
        MarketStatus.ACTIVE,
        subsidy.account,
        subsidy.created_at,
        closes_at=stored.closes_at if stored else None,
        type=EventType.PUBLISHED,
    )


def _all_astray(chain: Chain, changes: Iterable[MarketChanged], trades: Iterable[JournalEntry]) -> Chain:
    """Nothing says that the market was ever published."""
    known = (chain.subsidy, *trades, *chain.payments, chain.leftover)
    return Chain(
        chain.slug,
        stray_changes=tuple(changes),
        stray_entries=tuple(entry for entry in known if entry),
        gap="its publication is missing from the ledger",
    )


def _walk(
    chain: Chain,
    publication: MarketChanged,
    known: Mapping[int, MarketChanged],
    traded: Mapping[int, JournalEntry],
    stored: Market | None,
) -> Chain:
    version, revision, head = 0, publication.revision, NO_TRADE_DIGEST
    while True:
        entry, change = traded.get(version + 1), known.get(revision + 1)
        if entry and entry.revision in {None, revision} and _follows(entry, head):
            version, head = version + 1, entry.trade.digest if entry.trade else head
        elif change and _is_next(change, version, stored):
            revision += 1
        else:
            break
    stray_changes = tuple(known[number] for number in sorted(known) if number > revision)
    stray_entries = tuple(traded[number] for number in sorted(traded) if number > version)
    return replace(
        chain,
        changes=tuple(known[number] for number in range(publication.revision, revision + 1)),
        trades=tuple(traded[number] for number in range(1, version + 1)),
        stray_changes=stray_changes,
        stray_entries=stray_entries,
        gap=_gap(version, revision, traded) if stray_changes or stray_entries else None,
    )


def _follows(entry: JournalEntry, head: str) -> bool:
    return entry.trade is not None and entry.trade.digest == trade_digest(head, entry.trade)


def _is_next(change: MarketChanged, version: int, stored: Market | None) -> bool:
    """Whether a change follows at this version; what the first release stored does not say, the market has to know."""
    if change.type is not None:
        return change.version == version
    return stored is not None and change.revision <= stored.revision


def _gap(version: int, revision: int, traded: Mapping[int, JournalEntry]) -> str:
    if version + 1 in traded:
        return f"trade {version + 1} does not follow from trade {version} at revision {revision}"
    return f"neither trade {version + 1} nor the change to revision {revision + 1} is in the ledger"
