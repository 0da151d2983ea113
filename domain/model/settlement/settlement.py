"""Settlement: what each position is owed, and how one knows that everybody was paid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from domain.model.kernel.money import MICROS, ZERO, Money, add_money, subtract_money, sum_money
from domain.model.kernel.record import record
from domain.model.ledger.journal import EntryKind
from domain.model.trading.book import Book
from domain.model.trading.market import Resolution
from domain.model.trading.position import HOLDER_SHARDS, Position, holder_lane, holder_shard


class Crowd(NamedTuple):
    """Into how many lanes, each with a tally of its own, the shards of very many holders are divided.

    Transactions that write one tally wait for one another, so that a shard without lanes is paid one page at a time.

    Args:
        holders: from so many on a market has a crowd.
        lanes: of each shard. All tallies of a market are read at once, which allows for six.
    """

    holders: int
    lanes: int

    def lanes_of(self, book: Book) -> int:
        """Into how many lanes each shard of a frozen book's holders is divided."""
        return self.lanes if book.holders >= self.holders else 1

    def tally_number(self, book: Book, account: str) -> int:
        """Which of a market's tallies counts an account's position."""
        return holder_shard(account) + HOLDER_SHARDS * holder_lane(account, self.lanes_of(book))

    def tally_numbers(self, book: Book) -> range:
        """Those of all its tallies."""
        return range(HOLDER_SHARDS * self.lanes_of(book))


CROWD = Crowd(holders=10_000, lanes=5)


@record("tally", key=("market", "shard"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Tally:
    """What has been settled of one shard of a market's holders, or of one lane of it.

    Args:
        market: the market's slug.
        shard: from 0 to 15; in the lanes after the first 16 more for each.
        settled: how many positions.
        quantities: their micro-shares, for each outcome.
        spent: the sum of their net spends.
        paid: the credits that left the pool for them.
        version: counts the pages settled in this shard.
        recorded: how many of the positions left an exact result for the track record.
    """

    market: str
    shard: int
    settled: int
    quantities: tuple[int, ...]
    spent: Money
    paid: Money
    version: int
    recorded: int = 0


def empty_tally(book: Book, shard: int) -> Tally:
    """A shard of which nothing is settled yet."""
    return Tally(book.slug, shard, 0, (0,) * len(book.outcomes), ZERO, ZERO, 0)


def amount_owed(book: Book, resolution: Resolution, position: Position) -> Money:
    """What the pool owes a position, rounded down to the micro-credit.

    Resolved to the vector r it is ⌊Σ r_i q_i⌋. Voided, it is ⌊s·max(0, min(1, (pool - subsidy)/Σ s))⌋ for a stake
    s = max(0, net spend): the ratio is fixed by the book, which is frozen, so every position gets the same one. It
    never exceeds one: pool - subsidy is the sum of all net spends, and Σ s that of the positive ones.
    """
    if resolution.payouts is None:
        return Money(_refund(book, position.staked.amount))
    owed = sum(rate * held for rate, held in zip(resolution.payouts, position.quantities, strict=True))
    return Money(owed // MICROS)


def settlement_kind(resolution: Resolution) -> EntryKind:
    """What a payment of this resolution is called in the ledger."""
    return EntryKind.REFUND if resolution.payouts is None else EntryKind.PAYOUT


def tally_positions(tally: Tally, positions: Sequence[Position], paid: Money) -> Tally:
    """The tally once one more page of positions is settled for that much in all."""
    quantities = [
        sum(held) for held in zip(tally.quantities, *(position.quantities for position in positions), strict=True)
    ]
    return replace(
        tally,
        settled=tally.settled + len(positions),
        quantities=tuple(quantities),
        spent=add_money(tally.spent, sum_money(position.net_spend for position in positions)),
        paid=add_money(tally.paid, paid),
        version=tally.version + 1,
        recorded=tally.recorded + sum(position.is_counted for position in positions),
    )


def join_lanes(tallies: Sequence[Tally]) -> Tally:
    """The tallies of one shard's lanes as the one that the shard would have without them."""
    return Tally(
        tallies[0].market,
        tallies[0].shard % HOLDER_SHARDS,
        settled=sum(tally.settled for tally in tallies),
        quantities=tuple(map(sum, zip(*(tally.quantities for tally in tallies), strict=True))),
        spent=sum_money(tally.spent for tally in tallies),
        paid=sum_money(tally.paid for tally in tallies),
        version=sum(tally.version for tally in tallies),
        recorded=sum(tally.recorded for tally in tallies),
    )


def is_complete(book: Book, tallies: Sequence[Tally]) -> bool:
    """Whether every position of the frozen book has been settled.

    Three equalities must hold, because the list of holders may trail behind: as many positions as were opened, all
    shares outstanding, and all that traders paid into the pool over its subsidy.
    """
    settled = sum(tally.settled for tally in tallies)
    quantities = tuple(sum(tally.quantities[outcome] for tally in tallies) for outcome in range(len(book.outcomes)))
    spent = sum_money(tally.spent for tally in tallies)
    return (
        settled == book.holders and quantities == book.quantities and spent == subtract_money(book.pool, book.subsidy)
    )


def pool_leftover(book: Book, tallies: Sequence[Tally]) -> Money:
    """What remains in the pool once everybody is paid; it goes back to the creator. Never negative."""
    return subtract_money(book.pool, sum_money(tally.paid for tally in tallies))


def _refund(book: Book, stake: int) -> int:
    collected = max(0, subtract_money(book.pool, book.subsidy).amount)
    return stake * min(collected, book.staked.amount) // book.staked.amount if book.staked.amount else 0
