"""What everybody's points on a resolved market come to, from its public trades alone."""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal

from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.notation import format_micros
from domain.model.record.score import SMALLEST, points_of
from domain.model.trading import lmsr
from domain.model.trading.replay import ReplayMismatchError, ShownMarket
from domain.model.trading.trade import Side, Trade

_CONTEXT = Context(prec=60)


def replay_points(market: ShownMarket, trades: Iterable[Trade]) -> Mapping[str, int]:
    """Each trader's points on a resolved market, in millionths, by account; also of those who have sold out.

    Args:
        market: what the market shows, its payouts among it.
        trades: all its trades.
    """
    names = [outcome.name for outcome in market.outcomes]
    held: dict[str, list[int]] = {}
    spent: dict[str, int] = {}
    for trade in trades:
        sign = 1 if trade.side is Side.BUY else -1
        quantities = held.setdefault(trade.account, [0] * len(names))
        quantities[names.index(trade.outcome)] += sign * trade.quantity
        spent[trade.account] = spent.get(trade.account, 0) + sign * trade.amount.amount
    return {
        account: points_of(Money(_weighted(market, quantities) // MICROS - spent[account]), market.liquidity)
        for account, quantities in held.items()
    }


def log_score(market: ShownMarket) -> Decimal:
    """100 · Σ r log₂ of final over opening price, scaled down where b is below 100; in millionths of a point.

    Of one outcome that happened that is its own ratio. Since b ln of the ratio is Σ r q - (C(q) - C(0)), nothing is
    taken of a rounded price.
    """
    quantities = [outcome.shares for outcome in market.outcomes]
    payout = _CONTEXT.divide(Decimal(_weighted(market, quantities)), Decimal(MICROS))
    opening = lmsr.cost([0] * len(quantities), market.liquidity)
    gained = _CONTEXT.subtract(lmsr.cost(quantities, market.liquidity), opening)
    scale = _CONTEXT.multiply(Decimal(max(market.liquidity, SMALLEST)), _CONTEXT.ln(Decimal(2)))
    return _CONTEXT.divide(_CONTEXT.multiply(Decimal(100 * MICROS), _CONTEXT.subtract(payout, gained)), scale)


def verify_points(market: ShownMarket, expected: Mapping[str, int], shown: Mapping[str, int]) -> None:
    """See that the points that are shown are what the trades come to, and everybody's together the market's score.

    Each charge is rounded up to a micro-credit, each payout down, and points to their last place: so far apart the two
    sums may be.

    Args:
        market: what the market shows.
        expected: see :func:`replay_points`.
        shown: the points of those of these accounts that have a result. Of a market that an earlier release settled
            there may be none until its trades are replayed.

    Raises:
        ReplayMismatchError: they are not.
    """
    for account, found in shown.items():
        if found != expected[account]:
            raise ReplayMismatchError(
                None, f"points of {account}", format_micros(found), format_micros(expected[account])
            )
    total, score = sum(expected.values()), log_score(market)
    rounded = 2 * (market.trade_count + len(expected)) + 1
    if abs(total - score) > rounded:
        raise ReplayMismatchError(None, "points of all", format_micros(total), format_micros(int(score)))


def _weighted(market: ShownMarket, quantities: list[int]) -> int:
    """Σ r q, in millionths of micro-credits."""
    payouts = market.payouts or ()
    return sum(rate * quantity for rate, quantity in zip(payouts, quantities, strict=True))
