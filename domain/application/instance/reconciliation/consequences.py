"""What the markets' ledgers mean for accounts: filled market by market, and read account by account."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.application.instance.reconciliation.market_state import MarketState
from domain.model.kernel.money import Money
from domain.model.ledger.journal import JournalEntry
from domain.model.record.fold import RecordFold
from domain.model.record.result import Result, result_shard
from domain.model.record.track_record import ALL, NO_TAG, TrackRecord, add_result, empty_track_record, periods_of
from domain.model.trading.market import MarketStatus


class Charge(NamedTuple):
    """A subsidy that the ledger does not have, of a market that it says was published."""

    market: str
    subsidy: Money
    revision: int


@dataclass
class Consequences:
    """What all markets come to for each account.

    Args:
        held: how many markets it holds shares of.
        annulled: its entries that no longer count, by their numbers, each with the reason.
        charges: the subsidies that it owes.
        records: its track records, by period and tag.
        revisions: of the markets that were published.
    """

    held: Counter[str] = field(default_factory=Counter)
    annulled: dict[str, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    charges: dict[str, list[Charge]] = field(default_factory=lambda: defaultdict(list))
    records: dict[str, dict[tuple[str, str], TrackRecord]] = field(default_factory=lambda: defaultdict(dict))
    revisions: dict[str, int] = field(default_factory=dict)

    def annul(self, entries: Iterable[JournalEntry], reason: str) -> None:
        """Note entries that no longer count."""
        for entry in entries:
            self.annulled[entry.account][entry.seq] = reason

    def take(self, state: MarketState, fold: RecordFold | None) -> None:
        """Note what a market means for those who trade on it.

        Args:
            state: what its ledger adds up to.
            fold: how far its results are in the track records.
        """
        market = state.market
        self.revisions[market.slug] = market.revision
        self.held.update(account for account, each in state.positions.items() if each.is_held)
        if state.chain.subsidy is None:
            publication = state.chain.changes[0]
            charge = Charge(market.slug, state.book.subsidy, publication.revision)
            self.charges[market.creator].append(charge)
        if market.status is MarketStatus.RESOLVED and fold:
            for account in sorted(state.results):
                if is_folded(fold, account):
                    self._add(state.results[account], market.tags)

    def _add(self, result: Result, tags: Iterable[str]) -> None:
        records = self.records[result.account]
        slots = [(period, NO_TAG) for period in periods_of(result.resolved_at)]
        for slot in (*slots, *((ALL, tag) for tag in dict.fromkeys(tags))):
            before = records.get(slot) or empty_track_record(result.account, *slot, result.resolved_at)
            records[slot] = add_result(before, result, result.resolved_at)


def is_folded(fold: RecordFold, account: str) -> bool:
    """Whether an account's result of the market is in its track records."""
    return fold.is_done or (result_shard(account), account) <= (fold.shard, fold.after)
