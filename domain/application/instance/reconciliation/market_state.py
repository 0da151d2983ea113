"""What a market's ledger adds up to: the market, its book, who holds what, who is paid, and what everybody did."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from domain.application.instance.reconciliation.chain import Chain, unbroken_chain, without_end
from domain.application.instance.reconciliation.definition import defined_market
from domain.event.market_events import EventType, MarketChanged
from domain.model.kernel.money import ZERO, add_money, subtract_money, sum_money
from domain.model.ledger.journal import JournalEntry
from domain.model.record.result import Result, result_of
from domain.model.settlement.settlement import (
    Tally,
    amount_owed,
    empty_tally,
    settlement_kind,
    tally_positions,
)
from domain.model.trading.book import Book, follow_market, open_book
from domain.model.trading.market import DECIDED, FINAL, Clarification, Market, Resolution
from domain.model.trading.position import Position, empty_position, holder_shard, trade_position
from domain.model.trading.trade import Side, Trade
from domain.model.trading.verdict import Verdict


@dataclass(frozen=True, slots=True)
class MarketState:
    """A market as the ledger says.

    Args:
        chain: the unbroken part of its ledger.
        market: the market.
        book: its book.
        positions: those that are not settled, by account.
        tallies: what is settled of each shard of holders, all of its lanes together.
        results: what everybody who is settled did, by account; none where the market is voided.
        verdicts: the last words on its withdrawn decisions.
        strays: the entries that no longer count.
    """

    chain: Chain
    market: Market
    book: Book
    positions: Mapping[str, Position]
    tallies: Mapping[int, Tally]
    results: Mapping[str, Result]
    verdicts: tuple[Verdict, ...]
    strays: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class _Settlement:
    """Who is paid: the accounts that are settled, the entries that do not count, and whether nothing is left to pay."""

    settled: frozenset[str]
    strays: tuple[JournalEntry, ...]
    is_complete: bool


def fold_market(
    slug: str,
    changes: Iterable[MarketChanged],
    entries: Iterable[JournalEntry],
    *,
    stored: Market | None,
    stored_book: Book | None,
    holders: Collection[str],
) -> MarketState | Chain:
    """What the ledger of a market adds up to; the chain alone where the ledger does not know that it was published.

    Args:
        slug: the market's slug.
        changes: its lifecycle records.
        entries: the journal entries that name it.
        stored: the market as it is stored, for what the ledger does not say: its definition.
        stored_book: its book, which knows where the first release began to count.
        holders: the accounts whose positions are stored. A position that was sold out is settled without an entry, so
            only its absence tells that it was.
    """
    chain = unbroken_chain(slug, changes, list(entries), stored)
    if not chain.changes:
        return chain
    market = defined_market(chain, stored, stored_book)
    book, positions = _replay(chain, market, stored_book)
    state = _state(chain, market, book, positions, holders)
    if state.market.status in FINAL and state.book.pool.amount:
        return _state(without_end(chain), market, book, positions, holders)
    return state


def _replay(chain: Chain, market: Market, stored: Book | None) -> tuple[Book, dict[str, Position]]:
    """The book and all positions as trading left them."""
    publication = chain.changes[0]
    book = open_book(replace(market, revision=publication.revision))
    if publication.type is None:
        book = replace(book, origin=stored.origin if stored else 0)
    positions: dict[str, Position] = {}
    for entry in chain.trades:
        if entry.trade:
            book, positions[entry.account] = _trade(book, positions.get(entry.account), entry.trade)
    staked = sum_money(position.staked for position in positions.values())
    return replace(book, staked=staked, holders=len(positions)), positions


def _trade(book: Book, before: Position | None, trade: Trade) -> tuple[Book, Position]:
    outcome, is_purchase = book.outcomes.index(trade.outcome), trade.side is Side.BUY
    known = before or empty_position(trade.account, book.slug, len(book.outcomes))
    after = trade_position(known, outcome, trade)
    quantities = list(book.quantities)
    quantities[outcome] += trade.quantity if is_purchase else -trade.quantity
    traded = replace(
        book,
        quantities=tuple(quantities),
        pool=(add_money if is_purchase else subtract_money)(book.pool, trade.amount),
        volume=add_money(book.volume, trade.amount),
        version=trade.version,
        head=trade.digest,
    )
    return traded, after


def _state(
    chain: Chain, defined: Market, book: Book, positions: Mapping[str, Position], holders: Collection[str]
) -> MarketState:
    market = _follow(chain, defined)
    settlement = _settle(chain, market, book, positions, holders)
    is_final = market.status in FINAL
    after = follow_market(book, market)
    if is_final and settlement.is_complete:
        after = replace(after, pool=ZERO)
    settled = positions.keys() if is_final else settlement.settled
    return MarketState(
        chain=chain,
        market=market,
        book=after,
        positions={account: each for account, each in positions.items() if account not in settled},
        tallies=_tally(market.resolution, book, [positions[account] for account in sorted(settled)]),
        results=_results(market.resolution, book, [positions[account] for account in sorted(settled)]),
        verdicts=_verdicts(chain),
        strays=(*chain.stray_entries, *settlement.strays),
    )


def _follow(chain: Chain, defined: Market) -> Market:
    """The market after its last change; what records of the first release do not say stays as it is stored."""
    last, status = chain.changes[-1], chain.changes[-1].status
    told = last.type is not None
    resolution = last.resolution if told else defined.resolution
    return replace(
        defined,
        status=status,
        closes_at=last.closes_at if told else defined.closes_at,
        resolution=resolution if status in DECIDED else None,
        revision=last.revision,
        clarifications=tuple(
            Clarification(change.clarification, change.occurred_at) for change in chain.changes if change.clarification
        ),
        withdrawals=sum(change.type is EventType.WITHDRAWN for change in chain.changes),
    )


def _settle(
    chain: Chain, market: Market, book: Book, positions: Mapping[str, Position], holders: Collection[str]
) -> _Settlement:
    """Hold the payments against what everybody is owed. A market that is not decided pays nobody."""
    leftover = (chain.leftover,) if chain.leftover else ()
    resolution = market.resolution
    if resolution is None:
        return _Settlement(frozenset(), (*chain.payments, *leftover), is_complete=False)
    owed = {account: amount_owed(book, resolution, position) for account, position in positions.items()}
    paid = dict[str, JournalEntry]()
    for entry in chain.payments:
        is_right = entry.kind is settlement_kind(resolution) and owed.get(entry.account) == entry.amount
        if is_right and entry.account not in paid:
            paid[entry.account] = entry
    strays = tuple(entry for entry in chain.payments if paid.get(entry.account) is not entry)
    due = {account for account, each in positions.items() if each.is_held or owed[account].amount}
    silent = positions.keys() - due - set(holders)
    if market.status in FINAL:
        rest = subtract_money(book.pool, sum_money(owed.values()))
        is_returned = (chain.leftover.amount if chain.leftover else ZERO) == rest
        return _Settlement(frozenset(positions), strays, is_complete=due <= paid.keys() and is_returned)
    return _Settlement(frozenset(paid.keys() | silent), (*strays, *leftover), is_complete=False)


def _tally(resolution: Resolution | None, book: Book, settled: Iterable[Position]) -> dict[int, Tally]:
    tallies: dict[int, Tally] = {}
    for position in settled:
        if resolution:
            shard = holder_shard(position.account)
            before = tallies.get(shard) or empty_tally(book, shard)
            tallies[shard] = tally_positions(before, [position], amount_owed(book, resolution, position))
    return tallies


def _results(resolution: Resolution | None, book: Book, settled: Iterable[Position]) -> dict[str, Result]:
    if resolution is None or resolution.payouts is None:
        return {}
    return {position.account: result_of(book, resolution, position) for position in settled}


def _verdicts(chain: Chain) -> tuple[Verdict, ...]:
    withdrawn = [change for change in chain.changes if change.type is EventType.WITHDRAWN]
    return tuple(
        Verdict(chain.slug, number, stands=False, created_at=change.occurred_at)
        for number, change in enumerate(withdrawn)
    )
