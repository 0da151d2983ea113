"""A database worth looking at: a few markets with a week of trades behind them."""

import asyncio
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click

from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.settlement.settle_positions import SettlePositionsRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import InsufficientFundsError, InsufficientSharesError, PriceLimitExceededError
from domain.model.kernel.money import MICROS
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.trade import Side
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.finders.admission import mark_demonstration
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases

HISTORY = timedelta(days=7)
TRADERS = ("ada", "blaise", "emmy", "grace", "henri", "kurt", "sofia", "thomas")
_SEED = 1654


class DemoMarket(NamedTuple):
    """A market of the demonstration.

    Args:
        slug: its slug.
        creator: who drafts and funds it, and does not trade in it.
        definition: what it is about.
        beliefs: how likely traders think each outcome at first, and how likely at last.
        trades: how many orders they try.
        resolved_to: the outcome it is resolved to; None to leave it open.
    """

    slug: str
    creator: str
    definition: MarketDefinition
    beliefs: tuple[tuple[float, ...], tuple[float, ...]]
    trades: int
    resolved_to: str | None = None


class _DemoClock:
    """A clock that the script of the demonstration sets."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC) - HISTORY

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def fill_demo(path: Path) -> None:
    """Make the database with the demonstration in it, unless there is one already.

    It is written beside its place and moved there when it is whole, so a half-filled one is never served. What a
    deleted database has left behind of its log must not be taken for this one's.

    Raises:
        OSError: it cannot be written there.
    """
    if path.exists():
        return
    click.echo(f"Filling {path} with a demonstration, a few seconds ...")
    draft = path.with_name(f"{path.name}.filling")
    _remove(draft)
    try:
        with Database.open(draft) as database:
            asyncio.run(_Demo(database).play(), loop_factory=asyncio.new_event_loop)
            mark_demonstration(database)
        _remove(path)
        draft.replace(path)
    finally:
        _remove(draft)


def _remove(path: Path) -> None:
    """Remove a database with its companions, as far as they are there."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class _Demo:
    """The script: who does what when."""

    def __init__(self, database: Database) -> None:
        self._clock = _DemoClock()
        self._random = random.Random(_SEED)
        self._start = self._clock.now()
        self._use_cases = UseCases(Ports(sqlite_persistence(database), self._clock, self._random, Settings()))
        self._commands = 0

    async def play(self) -> None:
        """Play it from a week ago until now."""
        for account in TRADERS:
            await self._use_cases.open_account.execute(OpenAccountRequest(Caller(account), self._idempotency()))
        markets = demo_markets(self._start + HISTORY)
        for market in markets:
            await self._open(market)
        moments = [(self._random.random(), market) for market in markets for _ in range(market.trades)]
        for progress, market in sorted(moments, key=lambda moment: moment[0]):
            self._clock.time = self._start + progress * HISTORY
            await self._trade(market, progress)
        self._clock.time = self._start + HISTORY
        for market in markets:
            await self._resolve(market)
            await self._use_cases.project_price_history.execute(ProjectPriceHistoryRequest(market.slug))

    async def _open(self, market: DemoMarket) -> None:
        self._clock.time += timedelta(minutes=self._random.randint(5, 50))
        creator = Caller(market.creator)
        draft = CreateMarketRequest(creator, market.slug, market.definition, self._idempotency())
        await self._use_cases.create_market.execute(draft)
        await self._use_cases.publish_market.execute(PublishMarketRequest(creator, market.slug, self._idempotency()))

    async def _trade(self, market: DemoMarket, progress: float) -> None:
        """Somebody moves the price of the outcome that is furthest off towards what they believe."""
        trader = self._random.choice([name for name in TRADERS if name != market.creator])
        first, last = market.beliefs
        believed = [a + (b - a) * progress + self._random.gauss(0, 0.06) for a, b in zip(first, last, strict=True)]
        listing = (await self._use_cases.get_market.execute(GetMarketRequest(market.slug))).listing
        gaps = gaps_to(listing, believed)
        side = Side.BUY if max(gaps) > -min(gaps) else Side.SELL
        terms = order_towards(listing, believed, side, self._random.randint(4, 45) * MICROS)
        request = PlaceOrderRequest(Caller(trader), market.slug, terms, self._idempotency())
        try:
            await self._use_cases.place_order.execute(request)
        except (PriceLimitExceededError, InsufficientFundsError, InsufficientSharesError):
            return  # this trader cannot act on the belief, and waits

    async def _resolve(self, market: DemoMarket) -> None:
        if market.resolved_to is None:
            return
        creator = Caller(market.creator)
        decision = ResolveMarketRequest(creator, market.slug, market.resolved_to, self._idempotency())
        await self._use_cases.resolve_market.execute(decision)
        await self._use_cases.settle_positions.execute(SettlePositionsRequest(market.slug))

    def _idempotency(self) -> Idempotency:
        self._commands += 1
        return Idempotency(f"demo-{self._commands}", "demo")


def gaps_to(listing: Listing, believed: Sequence[float]) -> list[float]:
    """By how much each outcome's price is below what somebody believes."""
    return [belief - shown.price / MICROS for belief, shown in zip(believed, shown_prices(listing.book), strict=True)]


def order_towards(listing: Listing, believed: Sequence[float], side: Side, size: int) -> OrderTerms:
    """The order that moves the price which that side can mend most, and not beyond what its owner believes.

    Args:
        listing: the market.
        believed: how likely they think each outcome.
        side: whether they buy what is cheapest to them or sell what is dearest.
        size: how many micro-credits they spend, or how many micro-shares they sell.
    """
    gaps = gaps_to(listing, believed)
    outcome = gaps.index(max(gaps) if side is Side.BUY else min(gaps))
    return OrderTerms(
        outcome=listing.market.outcomes[outcome],
        side=side,
        spend=size if side is Side.BUY else None,
        quantity=size if side is Side.SELL else None,
        limit_price=round(min(0.97, max(0.03, believed[outcome])) * 1000) * MICROS // 1000,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
    )


def demo_markets(now: datetime) -> tuple[DemoMarket, ...]:
    """The markets, with closing times that lie ahead of now."""
    return (
        DemoMarket(
            "rain-on-saturday",
            "ada",
            MarketDefinition(
                name="Will it rain on Saturday?",
                description="More than a millimetre, anywhere in town, between midnight and midnight.",
                rules="YES when the town's weather station reports at least 1.0 mm for Saturday; NO otherwise.",
                liquidity=100 * MICROS,
                closes_at=now + timedelta(days=5),
                tags=("weather",),
            ),
            beliefs=((0.4, 0.6), (0.72, 0.28)),
            trades=70,
        ),
        DemoMarket(
            "release-this-quarter",
            "grace",
            MarketDefinition(
                name="Will version 2 ship before the end of the quarter?",
                description="Our own release, as users can install it.",
                rules="YES when version 2.0 can be installed by everybody on the quarter's last day.",
                liquidity=150 * MICROS,
                closes_at=now + timedelta(days=45),
                tags=("work", "software"),
            ),
            beliefs=((0.75, 0.25), (0.38, 0.62)),
            trades=60,
        ),
        DemoMarket(
            "chess-final",
            "emmy",
            MarketDefinition(
                name="Who wins the club's chess final?",
                description="Four players are left.",
                rules="The outcome is the player named in the club's own report. A tie pays the tied players equally.",
                outcomes=("Judit", "Magnus", "Vera", "Wilhelm"),
                liquidity=80 * MICROS,
                closes_at=now + timedelta(days=12),
                tags=("games",),
            ),
            beliefs=((0.3, 0.4, 0.2, 0.1), (0.45, 0.2, 0.3, 0.05)),
            trades=60,
        ),
        DemoMarket(
            "ten-thousand-steps",
            "henri",
            MarketDefinition(
                name="Will the whole team walk 10 000 steps a day this month?",
                rules="YES when everybody's counter shows a daily mean of 10 000 or more on the last day.",
                liquidity=60 * MICROS,
                tags=("work", "health"),
            ),
            beliefs=((0.5, 0.5), (0.2, 0.8)),
            trades=40,
        ),
        DemoMarket(
            "first-snow",
            "kurt",
            MarketDefinition(
                name="Was there snow in the first week?",
                rules="YES when the weather station recorded snow on the ground on any day of the week.",
                liquidity=50 * MICROS,
                tags=("weather",),
            ),
            beliefs=((0.5, 0.5), (0.93, 0.07)),
            trades=30,
            resolved_to="YES",
        ),
    )
