"""The demonstration goes on: its traders place small orders for as long as the server runs."""

import random

from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.application.trading.place_order import PlaceOrderRequest
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import DomainError, MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from domain.model.trading.trade import Side
from domain.port.out.clock import Clock
from functions.config.use_cases import UseCases
from functions.embedded.demo import TRADERS, DemoMarket, demo_markets, gaps_to, order_towards

PAUSE_SECONDS = (8.0, 14.0)
"""How long nobody trades. The open markets take turns, so each of the four moves at least once a minute."""

_SIZES = (8, 24)
_DOUBT = 0.1
_WORTH_IT = 0.02
"""From how far off its price is an outcome traded: by less, nobody would see it move."""


class DemoTraders:
    """The traders of a database that was filled with the demonstration; nobody else's accounts and markets are touched.

    Each believes what they believed at last, give or take, so prices waver, and return from where people move them.

    Args:
        use_cases: the use cases, the same that everybody's requests come to.
        clock: for waiting between orders.
        chance: who trades, when and how much.
    """

    def __init__(self, use_cases: UseCases, clock: Clock, chance: random.Random) -> None:
        self._use_cases = use_cases
        self._clock = clock
        self._chance = chance
        self._turns = list(demo_markets(clock.now()))

    async def trade(self) -> None:
        """Wait for a while; then somebody trades in the market whose turn it is, if any is open and anybody can."""
        await self._clock.sleep(self._chance.uniform(*PAUSE_SECONDS))
        if (market := await self._next_open()) is None:
            return
        others = [name for name in TRADERS if name != market.creator]
        for trader in self._chance.sample(others, len(others)):
            # Who can sell does: else all credits would in time lie in shares of every outcome.
            if await self._order(trader, market, Side.SELL) or await self._order(trader, market, Side.BUY):
                return

    async def _next_open(self) -> DemoMarket | None:
        """The market that has waited longest among those that are open; from now on it waits behind all others."""
        for market in self._turns:
            if await self._is_open(market):
                self._turns.remove(market)
                self._turns.append(market)
                return market
        return None

    async def _is_open(self, market: DemoMarket) -> bool:
        """Whether it takes orders. A release that knows more markets finds others', or none, under their slugs."""
        try:
            listed = (await self._listing(market)).market
        except MarketNotFoundError:
            return False
        return listed.status is MarketStatus.ACTIVE and listed.creator == market.creator

    async def _order(self, trader: str, market: DemoMarket, side: Side) -> bool:
        """Whether the trader has traded. Nobody does who finds the price right, or is refused for want of money."""
        _, beliefs = market.beliefs
        believed = [belief + self._chance.uniform(-_DOUBT, _DOUBT) for belief in beliefs]
        listing = await self._listing(market)
        gaps = gaps_to(listing, believed)
        if (max(gaps) if side is Side.BUY else -min(gaps)) < _WORTH_IT:
            return False
        terms = order_towards(listing, believed, side, self._chance.randint(*_SIZES) * MICROS)
        # No request of the account's own has a key with a blank in it.
        idempotency = Idempotency(f"demo {self._chance.getrandbits(128):032x}", "demo")
        try:
            await self._use_cases.place_order.execute(
                PlaceOrderRequest(Caller(trader), market.slug, terms, idempotency)
            )
        except DomainError:
            return False
        return True

    async def _listing(self, market: DemoMarket) -> Listing:
        result: GetMarketResult = await self._use_cases.get_market.execute(GetMarketRequest(market.slug))
        return result.listing
