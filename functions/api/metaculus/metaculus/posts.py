"""Reading posts: one of them, and lists of them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from domain.application.history.list_prices import ListPricesRequest
from domain.application.metaculus.list_forecasts import ListForecastsRequest
from domain.application.metaculus.number_markets import FindNumberedRequest, NumberMarketsRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.list_markets import ListMarketsRequest
from domain.model.history.candle import Interval
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.names import is_slug
from domain.model.metaculus.forecast import Forecasts
from domain.model.metaculus.post import number_of
from domain.model.trading.book import Listing
from domain.model.trading.market import MAX_TAG, MarketStatus
from domain.port.out.paging import Page
from functions.adapter.in_.metaculus.post import Seen, kind_of, post
from functions.adapter.in_.metaculus.use_cases import MetaculusUseCases
from functions.adapter.in_.surface.application import Call
from functions.adapter.in_.surface.pages import items_of

_PAGE = 100
_PAGES = 10
"""How many pages of markets of one status are looked at: a thousand markets."""
_SHOWN = 32
_LONGEST_NUMBER = 15
"""Of digits: 48 bits have no more."""
_STATUSES: Mapping[str, tuple[MarketStatus, ...]] = {
    "open": (MarketStatus.ACTIVE,),
    "closed": (MarketStatus.CLOSED,),
    # A market goes from the first of these to the others, so it is in one list at least.
    "resolved": (MarketStatus.SETTLING, MarketStatus.RESOLVED, MarketStatus.VOIDED),
}


class PostParameters(BaseModel):
    """What part of the list; the parameters that name several things are read apart, and others are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    limit: int = Field(default=20, ge=1, le=_PAGE)
    offset: int = Field(default=0, ge=0, le=100_000)
    order_by: str = "-published_at"


class Posts:
    """The operations that read posts."""

    def __init__(self, use_cases: MetaculusUseCases) -> None:
        self._use_cases = use_cases

    async def list_posts(self, call: Call) -> object:
        """A part of those that match, and how many do; the newest first, unless the oldest are asked for."""
        asked = call.parameters(PostParameters)
        found = await self._matching(call)
        if not asked.order_by.startswith("-"):
            found.reverse()
        shown = found[asked.offset : asked.offset + asked.limit]
        return {
            "count": len(found),
            "next": _page(call, asked, asked.offset + asked.limit, len(found)),
            "previous": _page(call, asked, asked.offset - asked.limit, len(found)) if asked.offset else None,
            "results": await self._render(shown, call.caller),
        }

    async def get_post(self, call: Call) -> object:
        """One post, with its history of prices."""
        listing = await self.find(call.path["id"])
        slug = listing.market.slug
        prices = await self._use_cases.list_prices.execute(ListPricesRequest(slug, Interval.HOUR))
        numbers = (await self._use_cases.number_markets.execute(NumberMarketsRequest([slug]))).numbers
        forecasts = await self._forecasts(call.caller, [listing])
        return post(Seen(numbers[slug], listing, forecasts.get(slug), prices.candles, self._use_cases.clock.now()))

    async def find(self, number: object) -> Listing:
        """The published market of a number.

        Raises:
            MarketNotFoundError: none was shown with it.
        """
        text = str(number)
        if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER):
            raise MarketNotFoundError(text[:_SHOWN])
        slug = (await self._use_cases.find_numbered.execute(FindNumberedRequest(int(text)))).slug
        return (await self._use_cases.get_market.execute(GetMarketRequest(slug))).listing

    async def _matching(self, call: Call) -> list[Listing]:
        """Every market that the request is about, the newest first, each once."""
        statuses, tags, kinds = (_values(call, name) for name in ("statuses", "tournaments", "forecast_type"))
        found: dict[str, Listing] = {}
        for name in statuses or _STATUSES:
            for status in _STATUSES.get(name, ()):
                found |= {listing.market.slug: listing for listing in await self._list(status, tags)}
        matching = [
            listing
            for listing in found.values()
            if (not kinds or kind_of(listing.market) in kinds) and (not tags or _is_tagged(listing, tags))
        ]
        return sorted(matching, key=lambda listing: (listing.market.created_at, listing.market.slug), reverse=True)

    async def _list(self, status: MarketStatus, tags: Sequence[str]) -> list[Listing]:
        tag = tags[0] if len(tags) == 1 and is_slug(tags[0]) and len(tags[0]) <= MAX_TAG else None
        by_tag = None if tag is None or tag.isdecimal() else tag

        async def read(cursor: str | None) -> Page[Listing]:
            request = ListMarketsRequest(_PAGE, status=status, tag=by_tag, cursor=cursor)
            return (await self._use_cases.list_markets.execute(request)).page

        return [listing async for listing in items_of(read, _PAGES)]

    async def _render(self, listings: Sequence[Listing], caller: Caller | None) -> list[object]:
        if not listings:
            return []
        slugs = [listing.market.slug for listing in listings]
        numbers = (await self._use_cases.number_markets.execute(NumberMarketsRequest(slugs))).numbers
        forecasts = await self._forecasts(caller, listings)
        now = self._use_cases.clock.now()
        return [
            post(Seen(numbers[slug], listing, forecasts.get(slug), (), now))
            for slug, listing in zip(slugs, listings, strict=True)
        ]

    async def _forecasts(self, caller: Caller | None, listings: Sequence[Listing]) -> Mapping[str, Forecasts]:
        if caller is None:
            return {}
        request = ListForecastsRequest(caller, [listing.market.slug for listing in listings])
        return (await self._use_cases.list_forecasts.execute(request)).forecasts


def _values(call: Call, name: str) -> list[str]:
    """The values of a parameter that may be sent several times, or with several of them between commas."""
    return [value for key, text in call.query if key == name for value in text.split(",") if value]


def _is_tagged(listing: Listing, tags: Sequence[str]) -> bool:
    """Whether a market carries one of these tags, by name or by number."""
    return any(tag in tags or str(number_of(tag)) in tags for tag in listing.market.tags)


def _page(call: Call, asked: PostParameters, offset: int, count: int) -> str | None:
    """The address of another part of the list; None where nothing is there."""
    if offset >= count:
        return None
    others = [(name, value) for name, value in call.query if name not in {"limit", "offset"}]
    query = urlencode([*others, ("limit", asked.limit), ("offset", max(0, offset))])
    return f"{call.origin}/metaculus/api/posts/?{query}"
