"""An account's record over many markets, and the boards on which it is ranked."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from domain.model.kernel.money import ZERO, Money, add_money
from domain.model.kernel.record import record
from domain.model.record.result import CalibrationStep, Result, merge_steps
from domain.model.record.score import brier_of
from domain.model.trading.buys import EXACT

ALL = "all"
"""The period of everything that ever was."""
NO_TAG = ""
FEWEST_FOR_BRIER = 10
"""So many markets it takes to be ranked by the Brier score."""


class Measure(Enum):
    """What a board is ranked by."""

    POINTS = "points"
    PROFIT = "profit"
    BRIER = "brier"


class Board(NamedTuple):
    """Which records are ranked, and by what.

    Args:
        period: ``all``, a year such as ``2026``, or a month such as ``2026-11``.
        tag: only markets that carry it, with the period ``all``; empty for all markets.
        measure: what they are ranked by.
    """

    period: str
    tag: str
    measure: Measure


@record("track_record", key=("account", "period", "tag"), counters=("version",))
@dataclass(frozen=True, slots=True)
class TrackRecord:
    """Sums over an account's results of a period, or under a tag; see :class:`Result` for the members.

    Args:
        account: whose it is.
        period: as in :class:`Board`.
        tag: as in :class:`Board`.
        markets: how many results there are.
        profit: of all.
        points: of all, in millionths.
        bought: in all.
        weight: of all purchases.
        squares: of all purchases.
        steps: of all purchases.
        updated_at: when the last result was added.
        version: counts the results added.
    """

    account: str
    period: str
    tag: str
    markets: int
    profit: Money
    points: int
    bought: Money
    weight: Decimal
    squares: Decimal
    steps: tuple[CalibrationStep, ...]
    updated_at: datetime
    version: int

    @property
    def brier(self) -> int | None:
        """The Brier score over all purchases together, in millionths; None without any."""
        return brier_of(self.squares, self.weight)


def empty_track_record(account: str, period: str, tag: str, now: datetime) -> TrackRecord:
    """The record of somebody of whom nothing is counted yet."""
    return TrackRecord(account, period, tag, 0, ZERO, 0, ZERO, Decimal(0), Decimal(0), (), now, 0)


def add_result(before: TrackRecord, result: Result, now: datetime) -> TrackRecord:
    """The record with one more result."""
    return replace(
        before,
        markets=before.markets + 1,
        profit=add_money(before.profit, result.profit),
        points=before.points + result.points,
        bought=add_money(before.bought, result.bought),
        weight=EXACT.add(before.weight, result.weight),
        squares=EXACT.add(before.squares, result.squares),
        steps=merge_steps(before.steps, result.steps),
        updated_at=now,
        version=before.version + 1,
    )


def periods_of(resolved_at: datetime) -> tuple[str, str, str]:
    """The periods in which a result counts, in UTC."""
    month = f"{resolved_at.astimezone(UTC):%Y-%m}"
    return ALL, month[:4], month


def score_of(track_record: TrackRecord, measure: Measure) -> int | None:
    """By what a record is ranked, the greatest first; None where it is not ranked."""
    match measure:
        case Measure.POINTS:
            return track_record.points
        case Measure.PROFIT:
            return track_record.profit.amount
        case Measure.BRIER:
            brier = track_record.brier
            return None if brier is None or track_record.markets < FEWEST_FOR_BRIER else -brier
