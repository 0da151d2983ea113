"""POST /v1/markets/{slug}/quotes."""

from domain.application.trading.quote import QuoteRequest, QuoteResult
from domain.model.kernel.notation import format_micros
from domain.model.trading.order import average_price
from domain.model.trading.trade import Side
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.order import OrderBody
from functions.adapter.in_.http.schemas import Decimal, ResponseBody
from functions.adapter.in_.http.trade import price_map


class QuoteResponse(ResponseBody):
    """What an order would fill at this version of the book."""

    outcome: str
    side: Side
    quantity: Decimal
    amount: Decimal
    average_price: Decimal
    prices_before: dict[str, Decimal]
    prices_after: dict[str, Decimal]
    version: int


def create_route(quote: UseCase[QuoteRequest, QuoteResult]) -> Route:
    """The route over the use case."""

    async def endpoint(slug: str, caller: OptionalCaller, body: OrderBody) -> QuoteResponse:
        result = await quote.execute(QuoteRequest(slug, body.terms(), caller))
        fill = result.fill
        return QuoteResponse(
            outcome=result.terms.outcome,
            side=fill.side,
            quantity=format_micros(fill.quantity),
            amount=format_micros(fill.amount.amount),
            average_price=format_micros(average_price(fill.amount, fill.quantity)),
            prices_before=price_map(fill.prices_before),
            prices_after=price_map(fill.prices_after),
            version=result.version,
        )

    return endpoint_route("quote", endpoint)
