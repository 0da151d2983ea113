"""The use cases that the surface is over."""

from dataclasses import dataclass

from domain.application.discussion.post_comment import PostCommentRequest, PostCommentResult
from domain.application.history.list_prices import ListPricesRequest, ListPricesResult
from domain.application.metaculus.list_forecasts import ListForecastsRequest, ListForecastsResult
from domain.application.metaculus.number_markets import (
    FindNumberedRequest,
    FindNumberedResult,
    NumberMarketsRequest,
    NumberMarketsResult,
)
from domain.application.metaculus.place_forecast import PlaceForecastRequest, PlaceForecastResult
from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.application.trading.list_markets import ListMarketsRequest, ListMarketsResult
from domain.port.in_.use_case import UseCase
from domain.port.out.clock import Clock


@dataclass(frozen=True, slots=True)
class MetaculusUseCases:
    """Each under its own name; and the clock, for what is counted back from now."""

    clock: Clock
    find_numbered: UseCase[FindNumberedRequest, FindNumberedResult]
    get_market: UseCase[GetMarketRequest, GetMarketResult]
    list_forecasts: UseCase[ListForecastsRequest, ListForecastsResult]
    list_markets: UseCase[ListMarketsRequest, ListMarketsResult]
    list_prices: UseCase[ListPricesRequest, ListPricesResult]
    number_markets: UseCase[NumberMarketsRequest, NumberMarketsResult]
    place_forecast: UseCase[PlaceForecastRequest, PlaceForecastResult]
    post_comment: UseCase[PostCommentRequest, PostCommentResult]
