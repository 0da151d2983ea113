"""Results, records and how far they are folded as items."""

from domain.model.record.fold import RecordFold
from domain.model.record.result import Result, result_shard
from domain.model.record.track_record import Measure, TrackRecord, score_of
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout, Row
from functions.adapter.out.time_cursor import time_position

_OFFSET = 2**63
"""Added to scores, so that their digits sort as they do."""


def results_partition(market: str, shard: int) -> str:
    """The partition of one shard of a market's results, in the order of their accounts."""
    return f"R#{market}#{shard:02d}"


def account_result_place(account: str, position: str) -> ItemKey:
    """Where an account's results are listed: in a partition of their own, in the order of their decisions."""
    return ItemKey(f"U#{account}", position)


def board_partition(period: str, tag: str, measure: Measure) -> str:
    """The partition of a board."""
    return f"Y#{period}#{tag}#{measure.value}"


def board_position(score: int, account: str) -> str:
    """Where an account is on a board, the best last."""
    return f"{score + _OFFSET:020d}#{account}"


def _listed(result: Result) -> tuple[Row, ...]:
    position = time_position(result.resolved_at, result.market)
    return (Row(account_result_place(result.account, position), (("listed_market", result.market),)),)


def _ranked(track_record: TrackRecord) -> tuple[Row, ...]:
    """A record's places on the boards; only settlement changes them, never a trade."""
    rows: list[Row] = []
    for measure in Measure:
        if (score := score_of(track_record, measure)) is not None:
            partition = board_partition(track_record.period, track_record.tag, measure)
            place = ItemKey(partition, board_position(score, track_record.account))
            rows.append(Row(place, (("ranked_account", track_record.account),)))
    return tuple(rows)


LAYOUTS = (
    Layout(
        Result,
        lambda market, account: ItemKey(results_partition(market, result_shard(account)), f"R#{account}"),
        rows=_listed,
    ),
    Layout(
        TrackRecord,
        lambda account, period, tag: ItemKey(f"A#{account}", f"T#{period}#{tag}"),
        rows=_ranked,
    ),
    Layout(RecordFold, lambda market: ItemKey(f"M#{market}", "RECORDS")),
)
