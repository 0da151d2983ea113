"""Results, records and how far they are folded as rows."""

from collections.abc import Callable
from operator import attrgetter

from domain.model.record.fold import RecordFold
from domain.model.record.result import Result, result_shard
from domain.model.record.track_record import Measure, TrackRecord, score_of
from functions.adapter.out.sqlite.layout.table import Table


def _score(measure: Measure) -> Callable[[TrackRecord], int | None]:
    return lambda track_record: score_of(track_record, measure)


TABLES = (
    Table(
        Result,
        "results",
        ("market", "account"),
        {"shard": lambda result: result_shard(result.account), "resolved_at": attrgetter("resolved_at")},
    ),
    Table(
        TrackRecord,
        "track_records",
        ("account", "period", "tag"),
        {measure.value: _score(measure) for measure in Measure},
    ),
    Table(RecordFold, "record_folds", ("market",)),
)
