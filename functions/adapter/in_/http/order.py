"""Orders as requests spell them and answers show them."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field

from domain.model.kernel.notation import format_micros, format_time
from domain.model.trading.order import Order, OrderStatus, OrderTerms, TimeInForce, average_price
from domain.model.trading.trade import Side
from functions.adapter.in_.http.decimal_string import LIMIT_PRICE, POSITIVE
from functions.adapter.in_.http.problem_details import ProblemDetails, invalid
from functions.adapter.in_.http.schemas import (
    Alternative,
    Decimal,
    Integer,
    OutcomeName,
    RequestBody,
    ResponseBody,
    Time,
    is_none,
    publish_alternatives,
)
from functions.adapter.in_.http.trade import TradeResponse


class OrderBody(RequestBody):
    """An order, or the quote for one: give ``quantity`` or, to buy, ``spend``."""

    model_config = ConfigDict(
        json_schema_extra=publish_alternatives(
            Alternative("OrderByQuantity", "quantity", "spend"),
            Alternative(
                "OrderBySpend",
                "spend",
                "quantity",
                {"side": {"type": "string", "const": Side.BUY, "title": "Side", "examples": [Side.BUY]}},
            ),
        )
    )

    outcome: OutcomeName = Field(examples=["YES"])
    side: Annotated[Side, Field(strict=False)]
    quantity: Annotated[int | None, POSITIVE] = Field(default=None, examples=["10"])
    spend: Annotated[int | None, POSITIVE] = None
    limit_price: Annotated[int | None, LIMIT_PRICE] = None
    time_in_force: Annotated[TimeInForce, Field(strict=False)] = TimeInForce.FILL_OR_KILL
    version: Integer | None = None

    def terms(self) -> OrderTerms:
        """What the domain calls it.

        Raises:
            ProblemError: it names both a quantity and a spend, or neither, or a spend for a sale.
        """
        if (self.quantity is None) == (self.spend is None):
            raise invalid("quantity", "give either quantity or spend")
        if self.spend is not None and self.side is Side.SELL:
            raise invalid("spend", "only a purchase takes a spend; give the quantity to sell")
        return OrderTerms(
            outcome=self.outcome,
            side=self.side,
            quantity=self.quantity,
            spend=self.spend,
            limit_price=self.limit_price,
            time_in_force=self.time_in_force,
            version=self.version,
        )


class OrderResponse(ResponseBody):
    """An order and what became of it; one that was rejected says why in ``problem``."""

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    status: OrderStatus
    quantity: Decimal
    filled_quantity: Decimal
    amount: Decimal
    average_price: Decimal
    trades: list[TradeResponse]
    balance: Decimal
    created_at: Time
    problem: ProblemDetails | None = Field(default=None, exclude_if=is_none)

    @classmethod
    def of(cls, order: Order) -> Self:
        """The answer for an order."""
        return cls(
            id=order.id,
            market=order.market,
            account=order.account,
            outcome=order.outcome,
            side=order.side,
            status=order.status,
            quantity=format_micros(order.quantity),
            filled_quantity=format_micros(order.filled_quantity),
            amount=format_micros(order.amount.amount),
            average_price=format_micros(average_price(order.amount, order.filled_quantity)),
            trades=[TradeResponse.of(trade) for trade in order.trades],
            balance=format_micros(order.balance.amount),
            created_at=format_time(order.created_at),
        )
