"""What several operations read: a market by its id, names of accounts, what happened lately, pages in a row."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

from domain.application.history.list_events import ListEventsRequest
from domain.application.history.list_prices import ListPricesRequest
from domain.application.ledger.get_account import GetAccountRequest
from domain.application.ledger.list_accounts import ListAccountsRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.event.market_events import EventType
from domain.model.history.candle import Interval
from domain.model.kernel.errors import AccountNotFoundError, MarketNotFoundError
from domain.model.kernel.money import ZERO, sum_money
from domain.model.kernel.names import is_slug
from domain.model.ledger.account import Account
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from functions.adapter.in_.manifold.market import Activity
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases

PAGE = 100
PAGES = 10
"""How many pages one answer is made of at most."""
_DAY = timedelta(days=1)
_AT_ONCE = 16
_LAST_EVENTS = 25
"""Among so many last events is the closing of a market that is closed: only clarifications may follow it."""
_SHOWN = 64


async def find_market(use_cases: ManifoldUseCases, id_: str) -> Listing:
    """A published market.

    Raises:
        MarketNotFoundError: there is none of that id.
    """
    if not is_slug(id_):
        raise MarketNotFoundError(id_[:_SHOWN])
    return (await use_cases.get_market.execute(GetMarketRequest(id_))).listing


async def find_account(use_cases: ManifoldUseCases, id_: str) -> Account:
    """An account.

    Raises:
        AccountNotFoundError: there is none of that id.
    """
    if not is_slug(id_):
        raise AccountNotFoundError(id_[:_SHOWN])
    return (await use_cases.get_account.execute(GetAccountRequest(id_))).account


async def names_of(use_cases: ManifoldUseCases, accounts: Iterable[str]) -> dict[str, str]:
    """What people call these accounts."""
    wanted = sorted(set(accounts))
    names = {account: account for account in wanted}
    for start in range(0, len(wanted), PAGE):
        found = await use_cases.list_accounts.execute(ListAccountsRequest(wanted[start : start + PAGE]))
        names |= {account.id: account.shown_name for account in found.accounts}
    return names


async def activities_of(use_cases: ManifoldUseCases, listings: Sequence[Listing]) -> list[Activity]:
    """What happened to published markets lately, some of them at a time."""
    turn = asyncio.Semaphore(_AT_ONCE)

    async def find(listing: Listing) -> Activity:
        async with turn:
            return await _activity_of(use_cases, listing)

    return list(await asyncio.gather(*map(find, listings)))


async def _activity_of(use_cases: ManifoldUseCases, listing: Listing) -> Activity:
    """One reading of the last events of a market, and one of its prices where it was traded on today."""
    market, book = listing
    now = use_cases.clock.now()
    by_hand = market.status is MarketStatus.CLOSED and (market.closes_at is None or market.closes_at > now)
    last = _LAST_EVENTS if by_hand else 1
    after = max(0, book.position - last)
    events = (await use_cases.list_events.execute(ListEventsRequest(market.slug, after, last))).events
    updated_at = events[-1].created_at if events else market.published_at or market.created_at
    closed = [event.created_at for event in events if event.type in {EventType.CLOSED, EventType.WITHDRAWN}]
    volume = ZERO
    if book.version and updated_at > now - _DAY:
        asked = ListPricesRequest(market.slug, Interval.HOUR, now - _DAY)
        candles = (await use_cases.list_prices.execute(asked)).candles
        volume = sum_money(candle.volume for candle in candles)
    return Activity(updated_at, closed[0] if by_hand and closed else None, volume)
