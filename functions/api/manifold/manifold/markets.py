"""Reading markets: lists of them, one of them, its probability, and groups, of which there are none."""

import heapq
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from domain.application.trading.list_markets import ListMarketsRequest
from domain.model.kernel.names import is_slug
from domain.model.kernel.words import MAX_QUERY_WORDS, fold
from domain.model.trading.book import Listing
from domain.model.trading.market import MAX_TAG, MarketStatus, matches_words
from domain.port.out.paging import Page
from functions.adapter.in_.manifold.answers import is_binary
from functions.adapter.in_.manifold.market import Json, answers, full_market, lite_market
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Call, Parameters
from functions.adapter.in_.surface.pages import items_of
from functions.api.manifold.manifold.reading import PAGE, PAGES, activities_of, find_market, names_of

_STATUSES: dict[str, tuple[MarketStatus | None, ...]] = {
    "all": (None,),
    "open": (MarketStatus.ACTIVE,),
    "closed": (MarketStatus.CLOSED,),
    "resolved": (MarketStatus.SETTLING, MarketStatus.RESOLVED, MarketStatus.VOIDED),
}
"""What each filter lists. A market goes from the first of these to the others, so it is in one list at least."""


class ListParameters(Parameters):
    """Which markets; in what other orders the original lists them is passed over."""

    limit: int = Field(default=500, ge=0, le=1000)
    before: str | None = None
    user_id: str | None = None
    group_id: str | None = None
    sort: str | None = None
    order: str | None = None


class SearchParameters(Parameters):
    """What to look for."""

    term: str = ""
    limit: int = Field(default=100, ge=0, le=1000)
    offset: int = Field(default=0, ge=0, le=10_000)
    filter: Literal["open", "closed", "resolved", "all"] = "all"
    contract_type: str = "ALL"
    creator_id: str | None = None
    topic_slug: str | None = None
    sort: str | None = None
    for_you: str | None = None
    is_prize_market: str | None = None
    market_tier: str | None = None


class Markets:
    """The operations that read markets."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def list_markets(self, call: Call) -> object:
        """Markets, the newest first."""
        asked = call.parameters(ListParameters)
        if asked.group_id is not None or (asked.user_id is not None and not is_slug(asked.user_id)):
            return []
        request = ListMarketsRequest(PAGE, creator=asked.user_id)
        is_past = asked.before is None
        if asked.before is not None:
            await find_market(self._use_cases, asked.before)
        found: list[Listing] = []
        async for listing in self._walk(request):
            if len(found) == asked.limit:
                break
            if is_past:
                found.append(listing)
            is_past = is_past or listing.market.slug == asked.before
        return await self._render(found, call.origin)

    async def search_markets(self, call: Call) -> object:
        """The markets in which each of the first words occurs, the newest first."""
        asked = call.parameters(SearchParameters)
        words = tuple(fold(asked.term).split())[:MAX_QUERY_WORDS]
        names = (asked.creator_id, asked.topic_slug)
        if any(name is not None and not is_slug(name) for name in names) or len(asked.topic_slug or "") > MAX_TAG:
            return []
        found: list[Listing] = []
        async for listing in self._matching(asked, words):
            if len(found) == asked.offset + asked.limit:
                break
            found.append(listing)
        return await self._render(found[asked.offset :], call.origin)

    async def _matching(self, asked: SearchParameters, words: tuple[str, ...]) -> AsyncIterator[Listing]:
        """One of the filters is the list's own; what it lets through is held against the others here."""
        lists, known = [], set[str]()
        for status in _STATUSES[asked.filter]:
            request = ListMarketsRequest(PAGE, status=status)
            if words:
                request = ListMarketsRequest(PAGE, status=status, words=words)
            elif asked.creator_id is not None:
                request = ListMarketsRequest(PAGE, status=status, creator=asked.creator_id)
            elif asked.topic_slug is not None:
                request = ListMarketsRequest(PAGE, status=status, tag=asked.topic_slug)
            lists.append([each async for each in self._walk(request, PAGES)])
        for listing in heapq.merge(*lists, key=_age, reverse=True):
            if listing.market.slug not in known and _fits(listing, asked, words):
                known.add(listing.market.slug)
                yield listing

    async def get_market(self, call: Call) -> object:
        """One market, by its id or its slug, which are the same."""
        listing = await find_market(self._use_cases, call.path["id"])
        (activity,) = await activities_of(self._use_cases, [listing])
        creator = listing.market.creator
        return full_market(listing, activity, (await names_of(self._use_cases, [creator]))[creator], call.origin)

    async def get_probability(self, call: Call) -> object:
        """The price of YES, or of every answer."""
        shown = answers((await find_market(self._use_cases, call.path["id"])).book)
        if len(shown) > 2:  # noqa: PLR2004 - YES and NO
            return {"answerProbs": {str(each["id"]): each["probability"] for each in shown}}
        return {"prob": shown[0]["probability"]}

    async def list_groups(self, _: Call) -> object:
        """There are none: markets have tags."""
        return []

    def _walk(self, request: ListMarketsRequest, pages: int | None = None) -> AsyncIterator[Listing]:
        async def read(cursor: str | None) -> Page[Listing]:
            at = ListMarketsRequest(
                request.limit, None, request.status, request.tag, request.creator, cursor, request.words
            )
            return (await self._use_cases.list_markets.execute(at)).page

        return items_of(read, pages) if pages else items_of(read)

    async def _render(self, listings: Sequence[Listing], origin: str) -> list[Json]:
        names = await names_of(self._use_cases, (listing.market.creator for listing in listings))
        activities = await activities_of(self._use_cases, listings)
        return [
            lite_market(listing, activity, names[listing.market.creator], origin)
            for listing, activity in zip(listings, activities, strict=True)
        ]


def _age(listing: Listing) -> tuple[datetime, str]:
    return listing.market.created_at, listing.market.slug


def _fits(listing: Listing, asked: SearchParameters, words: tuple[str, ...]) -> bool:
    market = listing.market
    kind = "BINARY" if is_binary(market.outcomes) else "MULTIPLE_CHOICE"
    return (
        asked.contract_type in {"ALL", kind}
        and asked.creator_id in {None, market.creator}
        and (asked.topic_slug is None or asked.topic_slug in market.tags)
        and matches_words(market, words)
    )
