"""GET /v1/markets/{slug}/prices."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import Field

from domain.application.history.list_prices import ListPricesRequest, ListPricesResult
from domain.model.history.candle import Candle, Interval, InvalidSpanError, PriceRange
from domain.model.kernel.notation import format_micros, format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.parameters import FromQuery
from functions.adapter.in_.http.problem_details import invalid
from functions.adapter.in_.http.schemas import Decimal, Instant, ResponseBody, Time


class PriceRangeResponse(ResponseBody):
    """What the price of one outcome did in an interval; ``open`` is the price before the first trade."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal

    @classmethod
    def of(cls, range_: PriceRange) -> Self:
        """The answer for a range."""
        return cls(**{name: format_micros(price) for name, price in range_._asdict().items()})


class CandleResponse(ResponseBody):
    """An interval in which somebody traded; ``time`` is its start."""

    time: Time
    outcomes: dict[str, PriceRangeResponse]
    volume: Decimal

    @classmethod
    def of(cls, outcomes: Sequence[str], candle: Candle) -> Self:
        """The answer for a candle."""
        ranges = map(PriceRangeResponse.of, candle.ranges)
        return cls(
            time=format_time(candle.start),
            outcomes=dict(zip(outcomes, ranges, strict=True)),
            volume=format_micros(candle.volume.amount),
        )


class PricesResponse(ResponseBody):
    """A market's price history, oldest first; intervals without trades are left out."""

    prices: list[CandleResponse]


def create_route(list_prices: UseCase[ListPricesRequest, ListPricesResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        *,
        slug: str,
        caller: OptionalCaller,
        interval: Annotated[Interval, Field(description="How much time each candle covers.")] = Interval.HOUR,
        start: Annotated[
            Instant | None,
            FromQuery("from"),
            Field(description="The first start; 1 000 intervals before `to` if absent."),
        ] = None,
        end: Annotated[
            Instant | None, FromQuery("to"), Field(description="Only starts before this; after now if absent.")
        ] = None,
    ) -> PricesResponse:
        try:
            result = await list_prices.execute(ListPricesRequest(slug, interval, start, end, caller))
        except InvalidSpanError as error:
            raise invalid("from", str(error)) from error
        return PricesResponse(prices=[CandleResponse.of(result.outcomes, candle) for candle in result.candles])

    return endpoint_route("list_prices", endpoint)
