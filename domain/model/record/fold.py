"""How far a market's results are in the records of their accounts."""

from dataclasses import dataclass

from domain.model.kernel.record import record


@record("record_fold", key=("market",), counters=("version",))
@dataclass(frozen=True, slots=True)
class RecordFold:
    """How far a market's results are folded: shard by shard, in each by account.

    Args:
        market: the market's slug.
        shard: the shard of results that is being folded.
        after: the account of it that was folded last; empty before the first.
        is_replayed: whether the results were made of the market's trades, where settlement did not leave them all.
        is_done: whether everything is folded.
        version: counts the steps taken.
    """

    market: str
    shard: int = 0
    after: str = ""
    is_replayed: bool = False
    is_done: bool = False
    version: int = 0
