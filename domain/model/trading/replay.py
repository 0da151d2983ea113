"""Replaying a market from its public trades, so that anybody can check every charge without trusting the instance.

What is checked needs nothing but what a market shows: its trades in the order of their versions rebuild the book, and
each must cost what the market maker charges on the book before it, show the prices of the book after it, and carry the
digest that chains it to the trade before. At the end the book must be the one that the market shows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from domain.model.kernel.notation import format_micros
from domain.model.trading import lmsr
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import MAX_LIQUIDITY, MAX_OUTCOMES, MIN_LIQUIDITY, MIN_OUTCOMES, MarketStatus
from domain.model.trading.trade import NO_TRADE_DIGEST, OutcomePrice, Side, Trade, trade_digest


class ShownOutcome(NamedTuple):
    """An outcome as the market shows it: its price in millionths and its micro-shares outstanding."""

    name: str
    price: int
    shares: int


@dataclass(frozen=True, slots=True)
class ShownMarket:
    """What a market shows to anybody of its trading.

    Args:
        slug: its slug.
        outcomes: its outcomes, in order.
        liquidity: b, in micro-credits.
        volume: Σ amount over all trades, in micro-credits.
        trade_count: how many trades there were.
        version: the version of its last trade, 0 before the first.
        payouts: what a share of each outcome has paid, in micro-credits; None unless it is resolved.
    """

    slug: str
    outcomes: tuple[ShownOutcome, ...]
    liquidity: int
    volume: int
    trade_count: int
    version: int
    payouts: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        names = {outcome.name for outcome in self.outcomes}
        if not MIN_OUTCOMES <= len(names) == len(self.outcomes) <= MAX_OUTCOMES:
            raise ValueError(f"a market has {MIN_OUTCOMES} to {MAX_OUTCOMES} outcomes, each with a name of its own")
        if not MIN_LIQUIDITY <= self.liquidity <= MAX_LIQUIDITY:
            raise ValueError(f"no market has a liquidity of {format_micros(self.liquidity)}")


@dataclass(frozen=True, slots=True)
class Replay:
    """The part of a book that trades determine, after some of them.

    Args:
        slug: the market's slug.
        outcomes: the names of its outcomes, in order.
        liquidity: b, in micro-credits.
        quantities: micro-shares outstanding of each outcome, in the same order.
        volume: Σ amount so far, in micro-credits.
        version: the version of the last trade.
        head: its digest.
    """

    slug: str
    outcomes: tuple[str, ...]
    liquidity: int
    quantities: tuple[int, ...]
    volume: int = 0
    version: int = 0
    head: str = NO_TRADE_DIGEST


class ReplayMismatchError(Exception):
    """What is shown is not what the trades come to.

    Args:
        version: the number that the first wrong trade has or should have; None when every trade is right and what the
            market shows is not.
        field: the member that is wrong, as the API names it.
        shown: what it says.
        expected: what it should say.
    """

    def __init__(self, version: int | None, field: str, shown: object, expected: object) -> None:
        where = "the market" if version is None else f"trade {version}"
        super().__init__(f"{where} shows {field} {shown}, and the replay comes to {expected}")
        self.version = version
        self.field = field


def shown_market(listing: Listing) -> ShownMarket:
    """What a listing shows of its trading."""
    market, book = listing
    return ShownMarket(
        slug=market.slug,
        outcomes=tuple(
            ShownOutcome(shown.outcome, shown.price, shares)
            for shown, shares in zip(shown_prices(book), book.quantities, strict=True)
        ),
        liquidity=book.liquidity,
        volume=book.volume.amount,
        trade_count=book.version,
        version=book.version,
        payouts=market.resolution.payouts if market.resolution and market.status is MarketStatus.RESOLVED else None,
    )


def verify_market(market: ShownMarket, trades: Iterable[Trade]) -> None:
    """Replay all trades of a market, and compare it with what comes of them.

    Args:
        market: what the market shows.
        trades: its trades up to the version it shows, the oldest first.

    Raises:
        ReplayMismatchError: the first trade that is wrong, or what the market shows is.
    """
    replay = start_replay(market)
    for trade in trades:
        replay = replay_trade(replay, trade)
    _require_shown(market, replay)


def start_replay(market: ShownMarket) -> Replay:
    """The market before its first trade."""
    names = tuple(outcome.name for outcome in market.outcomes)
    return Replay(market.slug, names, market.liquidity, (0,) * len(names))


def replay_trade(replay: Replay, trade: Trade) -> Replay:
    """The market after its next trade.

    Raises:
        ReplayMismatchError: the trade is not what its market must show next.
    """
    version = replay.version + 1
    _require(version, "version", trade.version, version)
    _require(version, "market", trade.market, replay.slug)
    if trade.outcome not in replay.outcomes:
        raise ReplayMismatchError(version, "outcome", trade.outcome, f"one of {', '.join(replay.outcomes)}")
    outcome = replay.outcomes.index(trade.outcome)
    _require_possible(replay, outcome, trade)
    _require(version, "amount", format_micros(trade.amount.amount), format_micros(_charge(replay, outcome, trade)))
    quantities = list(replay.quantities)
    quantities[outcome] += trade.quantity if trade.side is Side.BUY else -trade.quantity
    prices = lmsr.shown_prices(quantities, replay.liquidity)
    expected = _price_map(map(OutcomePrice, replay.outcomes, prices))
    _require(version, "prices_after", _price_map(trade.prices_after), expected)
    _require(version, "digest", trade.digest, trade_digest(replay.head, trade))
    return replace(
        replay,
        quantities=tuple(quantities),
        volume=replay.volume + trade.amount.amount,
        version=version,
        head=trade.digest,
    )


def _require_possible(replay: Replay, outcome: int, trade: Trade) -> None:
    """Nobody trades nothing, or sells what is not there."""
    most = replay.quantities[outcome]
    if trade.quantity <= 0:
        expected = "more than nothing"
    elif trade.side is Side.SELL and trade.quantity > most:
        expected = f"at most {format_micros(most)}"
    else:
        return
    raise ReplayMismatchError(replay.version + 1, "quantity", format_micros(trade.quantity), expected)


def _charge(replay: Replay, outcome: int, trade: Trade) -> int:
    """What the market maker charges for the trade, or pays, on the book before it."""
    compute = lmsr.charge_for_purchase if trade.side is Side.BUY else lmsr.proceeds_of_sale
    return compute(replay.quantities, replay.liquidity, outcome, trade.quantity)


def _price_map(prices: Iterable[OutcomePrice]) -> dict[str, str]:
    return {shown.outcome: format_micros(shown.price) for shown in prices}


def _require_shown(market: ShownMarket, replay: Replay) -> None:
    """Compare what the market shows with the replay of all its trades."""
    _require(None, "version", market.version, replay.version)
    _require(None, "trade_count", market.trade_count, replay.version)
    _require(None, "volume", format_micros(market.volume), format_micros(replay.volume))
    prices = lmsr.shown_prices(replay.quantities, replay.liquidity)
    for outcome, price, quantity in zip(market.outcomes, prices, replay.quantities, strict=True):
        _require(None, f"shares of {outcome.name}", format_micros(outcome.shares), format_micros(quantity))
        _require(None, f"price of {outcome.name}", format_micros(outcome.price), format_micros(price))


def _require(version: int | None, field: str, shown: object, expected: object) -> None:
    if shown != expected:
        raise ReplayMismatchError(version, field, shown, expected)
