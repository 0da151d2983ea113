"""GET /v1/markets/{slug}."""

from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.market import MarketResponse


def create_route(get_market: UseCase[GetMarketRequest, GetMarketResult]) -> Route:
    """Show the market as it reads now."""

    async def endpoint(slug: str, caller: OptionalCaller) -> MarketResponse:
        result = await get_market.execute(GetMarketRequest(slug, caller))
        return MarketResponse.of(result.listing, result.trend)

    return endpoint_route("get_market", endpoint)
