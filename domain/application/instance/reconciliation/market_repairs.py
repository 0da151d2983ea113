"""What is stored of a market otherwise than its ledger says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.application.instance.reconciliation.chain import Chain
from domain.application.instance.reconciliation.consequences import Consequences
from domain.application.instance.reconciliation.definition import is_unknown
from domain.application.instance.reconciliation.groups import Group
from domain.application.instance.reconciliation.market_state import MarketState, fold_market
from domain.application.instance.reconciliation.repair import Difference, Repair, compare, split
from domain.event.market_events import EventType, MarketChanged, market_changed
from domain.model.discussion.comment import Comment
from domain.model.history.candle import Candle, CandleSlot, PriceHistory, empty_price_history, fold_trades
from domain.model.ledger.audit import LedgerSum, add_trades, empty_sum
from domain.model.ledger.journal import JournalEntry, pool_of
from domain.model.record.fold import RecordFold
from domain.model.record.result import Result
from domain.model.settlement.settlement import Tally, join_lanes
from domain.model.trading.book import Book, follow_market
from domain.model.trading.market import DECIDED, Market, MarketStatus, void_market
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.model.trading.verdict import Verdict
from domain.model.webhooks.delivery import WebhookCheckpoint, pass_over
from domain.port.out.store import Insert, Remove, Replace

MARKET_KINDS: Mapping[type[Any], str] = {
    Market: "slug",
    Book: "slug",
    MarketChanged: "market",
    JournalEntry: "market",
    Position: "market",
    Tally: "market",
    Result: "market",
    Verdict: "market",
    RecordFold: "market",
    PriceHistory: "market",
    Candle: "market",
    Comment: "market",
    WebhookCheckpoint: "market",
}
"""What is read of a market, and where each record names it."""
_UNKNOWN = "Its definition was lost, and nobody had traded on it."


def repair_market(group: Group, sum_: LedgerSum | None, consequences: Consequences, now: datetime) -> Iterator[Repair]:
    """The repairs of one market; what it means for accounts is noted.

    Args:
        group: all that is stored of it.
        sum_: what the audit has added up of its pool.
        consequences: where to note it.
        now: the instant of what has to be appended to the ledger.
    """
    stored, book = group.one(Market), group.one(Book)
    holders = {position.account for position in group.many(Position)}
    entries = sorted(group.many(JournalEntry), key=lambda entry: (entry.account, entry.seq))
    state = fold_market(
        group.name, group.many(MarketChanged), entries, stored=stored, stored_book=book, holders=holders
    )
    subject = f"market {group.name}"
    if isinstance(state, Chain):
        consequences.annul(state.stray_entries, _reason(group.name, state))
        yield from split(subject, _unpublish(group, state))
        return
    consequences.annul(state.strays, _reason(group.name, state.chain))
    if is_unknown(state.chain, stored, book) and state.market.status not in DECIDED:
        state, differences = _call_off(state, now)
        yield from split(subject, differences)
    consequences.take(state, group.one(RecordFold))
    yield from split(subject, _differences(group, state, sum_))


def _reason(slug: str, chain: Chain) -> str:
    return f"{slug}: {chain.gap or 'it was paid on no decision that is in the ledger'}"


def _differences(group: Group, state: MarketState, sum_: LedgerSum | None) -> Iterator[Difference]:
    chain, market = state.chain, state.market
    if chain.is_publication_lost:
        yield Difference(
            "the record of its publication is missing, and follows from its subsidy", Insert(chain.changes[0])
        )
    yield from _cut(chain)
    yield from compare("the market", group.one(Market), market)
    yield from compare("the book", group.one(Book), state.book)
    yield from _compare_verdicts(group, state)
    yield from _compare_positions(group.many(Position), state)
    yield from _compare_tallies(group.many(Tally), state)
    yield from _compare_results(group.many(Result), state)
    if (fold := group.one(RecordFold)) and market.status is not MarketStatus.RESOLVED:
        yield Difference("its results are in track records, and it is not resolved", Remove(fold))
    yield from _compare_history(group, state)
    yield from _compare_checkpoints(group.many(WebhookCheckpoint), state.book.position)
    if sum_ and not _is_right(sum_, state):
        yield Difference("what the audit has added up of its pool is not in the ledger", Remove(sum_))


def _cut(chain: Chain) -> Iterator[Difference]:
    """End the ledger at the gap: the changes behind it are removed; the entries are annulled with their accounts."""
    for change in chain.stray_changes:
        why = f"behind a gap: {chain.gap}" if chain.gap else "not true: somebody is not paid"
        yield Difference(f"the change to revision {change.revision}, {change.status.value}, is {why}", Remove(change))


def _call_off(state: MarketState, now: datetime) -> tuple[MarketState, list[Difference]]:
    """Void a market that nobody can describe; settlement then gives the subsidy back."""
    voided = void_market(state.market, _UNKNOWN, now)
    change = market_changed(voided, EventType.RESOLVING, None, now, version=state.book.version)
    behind = {stray.revision: stray for stray in state.chain.stray_changes}
    stray = behind.pop(change.revision, None)
    chain = replace(state.chain, stray_changes=tuple(behind.values()))
    after = replace(state, chain=chain, market=voided, book=follow_market(state.book, voided))
    said = Replace(change, read=stray) if stray else Insert(change)
    return after, [Difference("nobody knows what it was about, and nobody traded: it is called off", said)]


def _unpublish(group: Group, chain: Chain) -> Iterator[Difference]:
    """A market of which the ledger knows no publication is a draft, and has nothing but its definition."""
    yield from _cut(chain)
    book = group.one(Book)
    for kind, what in (
        (Candle, "a candle"),
        (PriceHistory, "its price history"),
        (Result, "a result"),
        (RecordFold, "the mark of its results"),
        (Tally, "a tally"),
        (Position, "a position"),
        (Verdict, "a verdict"),
        (Comment, "a comment"),
    ):
        for record in group.many(kind):
            yield Difference(f"{what} is of a market that the ledger does not know", Remove(record))
    yield from compare("the book", book, None)
    market = group.one(Market)
    if market and market.status is not MarketStatus.DRAFT:
        draft = replace(
            market,
            status=MarketStatus.DRAFT,
            published_at=None,
            resolution=None,
            revision=book.origin if book else market.revision,
            clarifications=(),
            withdrawals=0,
        )
        yield from compare("the market", market, draft)


def _compare_verdicts(group: Group, state: MarketState) -> Iterator[Difference]:
    stored = {verdict.number: verdict for verdict in group.many(Verdict)}
    expected = {verdict.number: verdict for verdict in state.verdicts}
    current = stored.get(state.market.withdrawals)
    if current and current.stands and state.market.status in DECIDED:
        expected[current.number] = current
    for number in sorted(stored.keys() | expected.keys()):
        yield from compare(f"the verdict on decision {number + 1}", stored.get(number), expected.get(number))


def _compare_positions(stored: Iterable[Position], state: MarketState) -> Iterator[Difference]:
    """Positions of releases that summed no purchases may be without the sums; their results are replayed later.

    Where the trades are others than the ledger has, a part of their sums is of no use: they are summed anew.
    """
    known = {position.account: position for position in stored}
    for account in sorted(known.keys() | state.positions.keys()):
        position, expected = known.get(account), state.positions.get(account)
        if position and expected and not position.is_counted and _holds_the_same(position, expected):
            expected = replace(expected, bought=position.bought, buys=position.buys, counted=position.counted)
        yield from compare(f"the position of {account}", position, expected)


def _holds_the_same(stored: Position, expected: Position) -> bool:
    kept = replace(stored, bought=expected.bought, buys=expected.buys, counted=expected.counted)
    return kept == expected


def _compare_tallies(stored: Iterable[Tally], state: MarketState) -> Iterator[Difference]:
    """Compare shards as a whole: releases divide the shards of a crowd into different lanes, or into none."""
    known = defaultdict[int, dict[int, Tally]](dict)
    for tally in stored:
        known[tally.shard % HOLDER_SHARDS][tally.shard] = tally
    for shard in sorted(known.keys() | state.tallies.keys()):
        lanes, expected = known[shard], state.tallies.get(shard)
        if not _tell_the_same(list(lanes.values()), expected):
            yield from compare(f"the tally of shard {shard}", lanes.pop(shard, None), expected, ("version",))
            for number, tally in sorted(lanes.items()):
                yield from compare(f"the tally of lane {number // HOLDER_SHARDS} of shard {shard}", tally, None)


def _tell_the_same(lanes: Sequence[Tally], expected: Tally | None) -> bool:
    """Whether tallies differ at most in how many results were recorded: earlier releases recorded none."""
    if not lanes or expected is None:
        return False
    stored = join_lanes(lanes)
    return stored == replace(expected, version=stored.version, recorded=stored.recorded)


def _compare_results(stored: Iterable[Result], state: MarketState) -> Iterator[Difference]:
    known = {result.account: result for result in stored}
    for account in sorted(known.keys() | state.results.keys()):
        yield from compare(f"the result of {account}", known.get(account), state.results.get(account), ("version",))


def _compare_history(group: Group, state: MarketState) -> Iterator[Difference]:
    """A price history that is not a fold of the trades is removed, and folded anew by whoever reads it next."""
    history, candles = group.one(PriceHistory), group.many(Candle)
    if not _is_fold(history, candles, state):
        for candle in candles:
            yield Difference("a candle is not a fold of the trades", Remove(candle))
        if history:
            yield Difference("the price history is not a fold of the trades: it is folded anew", Remove(history))


def _is_fold(history: PriceHistory | None, candles: Iterable[Candle], state: MarketState) -> bool:
    version = history.version if history else 0
    if version > state.book.version or (history and history.position > state.book.position):
        return False
    trades = [entry.trade for entry in state.chain.trades[:version] if entry.trade]
    folded = fold_trades(empty_price_history(state.book), {}, trades)
    stored = {CandleSlot(candle.interval, candle.start): candle for candle in candles}
    return stored == folded.candles and (history is None or history.prices == folded.history.prices)


def _compare_checkpoints(stored: Iterable[WebhookCheckpoint], position: int) -> Iterator[Difference]:
    for checkpoint in stored:
        if checkpoint.position > position:
            finding = (
                f"a webhook of {checkpoint.account} was told of event {checkpoint.position}, and the last is {position}"
            )
            yield Difference(finding, Replace(pass_over(checkpoint, position), read=checkpoint))


def _is_right(sum_: LedgerSum, state: MarketState) -> bool:
    trades = [entry.trade for entry in state.chain.trades[: sum_.seq] if entry.trade]
    return add_trades(empty_sum(pool_of(state.market.slug)), trades) == sum_
