"""The last word on a decision: either its payouts have begun, or it was withdrawn; never both."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.kernel.record import record
from domain.model.trading.market import Market


@record("verdict", key=("market", "number"))
@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a decision that could be withdrawn.

    Settlement stores one before it pays anything, a withdrawal stores one too, and a record is written once: of the two
    one succeeds, whatever the clocks of their machines say.

    Args:
        market: the market's slug.
        number: which of the market's decisions: how many were withdrawn before it.
        stands: whether it is paid out; otherwise it was withdrawn.
        created_at: when that was fixed.
    """

    market: str
    number: int
    stands: bool
    created_at: datetime


def verdict_on(market: Market, now: datetime, *, stands: bool) -> Verdict:
    """The last word on the decision that a market has at present."""
    return Verdict(market.slug, market.withdrawals, stands, now)
