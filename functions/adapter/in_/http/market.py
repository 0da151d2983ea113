"""Markets as answers show them."""

from typing import Self

from pydantic import Field

from domain.model.history.trend import Trend, trend_of
from domain.model.kernel.notation import format_micros, format_time
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import Market, MarketStatus, resolution_document
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


class OutcomeResponse(ResponseBody):
    """An outcome and what it trades at."""

    name: str
    price: Decimal
    shares: Decimal


class ResolutionResponse(ResponseBody):
    """What was decided: payouts, or None for a void; why; and when it is paid, until when it may be withdrawn."""

    payouts: dict[str, Decimal] | None
    reason: str | None
    resolved_at: Time
    settles_at: Time


class ClarificationResponse(ResponseBody):
    """What was added to the rules of a market since it was published."""

    text: str
    created_at: Time


class TrendResponse(ResponseBody):
    """Shown prices of one outcome at the end of the last hours, oldest first, and last the present one."""

    outcome: str
    prices: list[Decimal]


class MarketResponse(ResponseBody):
    """A market."""

    slug: str
    name: str
    description: str
    rules: str
    status: MarketStatus
    outcomes: list[OutcomeResponse]
    liquidity: Decimal
    subsidy: Decimal
    volume: Decimal
    trade_count: int
    creator: str
    tags: list[str]
    created_at: Time
    published_at: Time | None
    closes_at: Time | None
    resolution: ResolutionResponse | None
    version: int
    position: int = Field(description="Of its last event; 0 as long as it is a draft.")
    traders: int
    trend: TrendResponse | None
    clarifications: list[ClarificationResponse]

    @classmethod
    def of(cls, listing: Listing, trend: Trend | None = None) -> Self:
        """The answer for a market as it reads at some instant.

        Args:
            listing: the market and its book.
            trend: its trend; where a write is answered, which reads no history, the present price alone.
        """
        market, book = listing
        return cls(
            slug=market.slug,
            name=market.name,
            description=market.description,
            rules=market.rules,
            status=market.status,
            outcomes=[
                OutcomeResponse(name=shown.outcome, price=format_micros(shown.price), shares=format_micros(shares))
                for shown, shares in zip(shown_prices(book), book.quantities, strict=True)
            ],
            liquidity=format_micros(market.liquidity),
            subsidy=format_micros(book.subsidy.amount),
            volume=format_micros(book.volume.amount),
            trade_count=book.version,
            creator=market.creator,
            tags=list(market.tags),
            created_at=format_time(market.created_at),
            published_at=format_time(market.published_at) if market.published_at else None,
            closes_at=format_time(market.closes_at) if market.closes_at else None,
            resolution=_resolution(market),
            version=book.version,
            position=0 if market.status is MarketStatus.DRAFT else book.position,
            traders=book.holders,
            trend=_trend(listing, trend),
            clarifications=[
                ClarificationResponse(text=added.text, created_at=format_time(added.created_at))
                for added in market.clarifications
            ],
        )


def _trend(listing: Listing, trend: Trend | None) -> TrendResponse | None:
    market = listing.market
    if market.published_at is None:
        return None
    known = trend or trend_of(listing, None, market.published_at)
    if known is None:
        return None
    return TrendResponse(outcome=known.outcome, prices=[format_micros(price) for price in known.prices])


def _resolution(market: Market) -> ResolutionResponse | None:
    if market.resolution is None:
        return None
    return ResolutionResponse.model_validate(resolution_document(market.resolution, market.outcomes))
