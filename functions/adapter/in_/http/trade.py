"""Trades as answers show them."""

from collections.abc import Iterable
from typing import Self

from domain.model.kernel.notation import format_micros
from domain.model.trading.trade import OutcomePrice, Side, Trade, trade_document
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


def price_map(prices: Iterable[OutcomePrice]) -> dict[str, str]:
    """Shown prices, keyed by outcome name."""
    return {shown.outcome: format_micros(shown.price) for shown in prices}


class TradeResponse(ResponseBody):
    """A trade; see the contract for what its digest is taken of."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    quantity: Decimal
    amount: Decimal
    prices_after: dict[str, Decimal]
    version: int
    digest: str
    created_at: Time

    @classmethod
    def of(cls, trade: Trade) -> Self:
        """The answer for a trade."""
        return cls.model_validate(trade_document(trade))


class TradesResponse(ResponseBody):
    """A page of trades."""

    trades: list[TradeResponse]
    cursor: str | None
