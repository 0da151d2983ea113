"""GET /v1/portfolio."""

from domain.application.ledger.get_portfolio import GetPortfolioRequest, GetPortfolioResult
from domain.model.kernel.notation import format_micros
from domain.model.ledger.portfolio import PortfolioLine
from domain.model.trading.market import MarketStatus
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import Decimal, ResponseBody


class PositionResponse(ResponseBody):
    """Shares of one outcome."""

    market: str
    name: str
    status: MarketStatus
    outcome: str
    quantity: Decimal
    price: Decimal
    value: Decimal
    sale_value: Decimal | None
    spent: Decimal


class PortfolioResponse(ResponseBody):
    """An account's balance and shares, and what all of it is worth."""

    account: str
    balance: Decimal
    positions: list[PositionResponse]
    equity: Decimal
    sale_equity: Decimal


def create_route(get_portfolio: UseCase[GetPortfolioRequest, GetPortfolioResult]) -> Route:
    """The route over the use case."""

    async def endpoint(caller: SignedInCaller) -> PortfolioResponse:
        portfolio = (await get_portfolio.execute(GetPortfolioRequest(caller))).portfolio
        return PortfolioResponse(
            account=portfolio.account.id,
            balance=format_micros(portfolio.account.balance.amount),
            positions=[_position(line) for line in portfolio.lines],
            equity=format_micros(portfolio.equity.amount),
            sale_equity=format_micros(portfolio.sale_equity.amount),
        )

    return endpoint_route("get_portfolio", endpoint)


def _position(line: PortfolioLine) -> PositionResponse:
    return PositionResponse(
        market=line.market,
        name=line.name,
        status=line.status,
        outcome=line.outcome,
        quantity=format_micros(line.quantity),
        price=format_micros(line.price),
        value=format_micros(line.value.amount),
        sale_value=format_micros(line.sale_value.amount) if line.sale_value else None,
        spent=format_micros(line.spent.amount),
    )
