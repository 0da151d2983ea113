"""One market of any age and the people who trade on it: what is measured is done on a young one and on an old one."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from itertools import count
from typing import NamedTuple

from domain.application.history.list_prices import ListPricesRequest
from domain.application.history.project_price_history import ProjectPriceHistoryRequest
from domain.application.ledger.get_audit import GetAuditRequest
from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.ledger.list_my_trades import ListMyTradesRequest
from domain.application.ledger.open_account import OpenAccountRequest
from domain.application.trading.create_market import CreateMarketRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.list_holders import ListHoldersRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.publish_market import PublishMarketRequest
from domain.application.trading.quote import QuoteRequest
from domain.model.history.candle import Interval
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import MICROS
from domain.model.trading.market import MarketDefinition
from domain.model.trading.order import OrderTerms
from domain.model.trading.trade import Side
from functions.adapter.out.system.clock import SystemRandom
from functions.adapter.out.system.doorbell import ImmediateDoorbell
from functions.config.ports import Persistence, Ports
from functions.config.settings import Settings
from functions.config.use_cases import UseCases
from tests.fakes.clock import FakeClock

TRADERS = 50
PAGE = 20
PACE = timedelta(minutes=6)
"""The time between two trades: a hundred of them fill the candles of ten hours."""
RECENT = timedelta(hours=9)
MARKET, CREATOR, TRADER = "rain", Caller("creator"), Caller("trader-0")

type Call = Callable[[], Awaitable[object]]


class Act(NamedTuple):
    """Something that is measured.

    Args:
        do: the call itself.
        before: what is done before each call, and not measured.
    """

    do: Call
    before: Call | None = None


async def make_trades(persistence: Persistence, clock: FakeClock, trades: int) -> None:
    """Fill an empty store with one market of that many trades, and fold them into its price history.

    In turn every trader buys of one outcome, then of the other, then sells of both what they bought.
    """
    use_cases, keys = _use_cases(persistence, clock), _keys("fill")
    traders = [Caller(f"trader-{number}") for number in range(TRADERS)]
    for caller in (CREATOR, *traders):
        await use_cases.open_account.execute(OpenAccountRequest(caller, next(keys)))
    definition = MarketDefinition("Will it rain?", description="x" * 400, tags=("weather",), liquidity=1000 * MICROS)
    await use_cases.create_market.execute(CreateMarketRequest(CREATOR, MARKET, definition, next(keys)))
    await use_cases.publish_market.execute(PublishMarketRequest(CREATOR, MARKET, next(keys)))
    for number in range(trades):
        clock.advance(PACE)
        request = PlaceOrderRequest(traders[number % TRADERS], MARKET, _order(number), next(keys))
        await use_cases.place_order.execute(request)
    while not (await use_cases.project_price_history.execute(ProjectPriceHistoryRequest(MARKET))).done:
        pass


def acts(persistence: Persistence, clock: FakeClock, trades: int) -> Mapping[str, Act]:
    """What is measured on a market of that many trades, by its name in the table."""
    use_cases, keys, numbers = _use_cases(persistence, clock), _keys("measured"), count()
    middle = str(trades // 2)

    async def place_order() -> None:
        terms = OrderTerms("YES", (Side.BUY, Side.SELL)[next(numbers) % 2], quantity=MICROS)
        await use_cases.place_order.execute(PlaceOrderRequest(TRADER, MARKET, terms, next(keys)))

    async def fold() -> None:
        await use_cases.project_price_history.execute(ProjectPriceHistoryRequest(MARKET))

    def fold_after(new_trades: int) -> Act:
        async def trade() -> None:
            await fold()
            for _ in range(new_trades):
                await place_order()

        return Act(fold, before=trade)

    terms, recent = OrderTerms("YES", Side.BUY, spend=20 * MICROS), clock.now() - RECENT
    return {
        "quote": Act(lambda: use_cases.quote.execute(QuoteRequest(MARKET, terms))),
        "place_order": Act(place_order),
        "get_market": Act(lambda: use_cases.get_market.execute(GetMarketRequest(MARKET))),
        "get_portfolio": Act(lambda: use_cases.get_portfolio.execute(GetPortfolioRequest(TRADER))),
        "list_markets": Act(lambda: use_cases.list_markets.execute(ListMarketsRequest(PAGE))),
        "list_trades, first page": Act(lambda: use_cases.list_trades.execute(ListTradesRequest(MARKET, PAGE))),
        "list_trades, from the middle": Act(
            lambda: use_cases.list_trades.execute(ListTradesRequest(MARKET, PAGE, middle))
        ),
        "list_my_trades": Act(lambda: use_cases.list_my_trades.execute(ListMyTradesRequest(TRADER, PAGE))),
        "list_journal": Act(lambda: use_cases.list_journal.execute(ListJournalRequest(TRADER, PAGE))),
        "list_holders": Act(lambda: use_cases.list_holders.execute(ListHoldersRequest(MARKET, PAGE))),
        "list_prices, the last 10 hours": Act(
            lambda: use_cases.list_prices.execute(ListPricesRequest(MARKET, Interval.HOUR, recent)), before=fold
        ),
        "list_prices, up to 1000 hours": Act(
            lambda: use_cases.list_prices.execute(ListPricesRequest(MARKET, Interval.HOUR)), before=fold
        ),
        "get_audit": Act(lambda: use_cases.get_audit.execute(GetAuditRequest())),
        "project_price_history, 1 trade": fold_after(1),
        "project_price_history, 10 trades": fold_after(10),
    }


def _use_cases(persistence: Persistence, clock: FakeClock) -> UseCases:
    """The use cases; a ring is answered at once, as ``hunch serve`` answers it."""
    doorbell = ImmediateDoorbell(
        lambda slug: use_cases.project_price_history.execute(ProjectPriceHistoryRequest(slug)),
    )
    use_cases = UseCases(Ports(persistence, clock, SystemRandom(), Settings(), doorbell=lambda _: doorbell))
    return use_cases


def _keys(prefix: str) -> Iterator[Idempotency]:
    return (Idempotency(f"{prefix}-{number}", "") for number in count())


def _order(number: int) -> OrderTerms:
    turn = number // TRADERS % 4
    side = Side.BUY if turn in {0, 1} else Side.SELL
    return OrderTerms(("YES", "NO")[turn % 2], side, quantity=3 * MICROS + number % TRADERS)
