"""Trading: quotes, orders, and what the caller has."""

import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal

from hunch_client.connection import Connection, Credits, amount, new_key, segment
from hunch_client.errors import HunchError, ProblemError
from hunch_client.models import JournalEntry, Order, Portfolio, Problem, Quote, Side, Trade

type TimeInForce = Literal["fill_or_kill", "immediate_or_cancel"]

FOLLOW_SECONDS = 30.0
"""How long a queued order is followed."""
_POLL_SECONDS = 0.25
_UNEXPLAINED = Problem(title="The order was rejected", status=HTTPStatus.CONFLICT)


class Trading:
    """What concerns orders; every method raises :class:`~hunch_client.HunchError` where the instance refuses."""

    _connection: Connection

    def quote(
        self,
        slug: str,
        outcome: str,
        *,
        side: Side = "buy",
        quantity: Credits | None = None,
        spend: Credits | None = None,
        limit_price: Credits | None = None,
        time_in_force: TimeInForce | None = None,
    ) -> Quote:
        """What an order would do; the order with the quote's ``version`` does exactly that."""
        body = _order(outcome, side, quantity, spend, limit_price, time_in_force)
        response = self._connection.send("POST", f"/v1/markets/{segment(slug)}/quotes", body=body)
        return self._connection.decode(response, Quote)

    def place_order(
        self,
        slug: str,
        outcome: str,
        *,
        side: Side = "buy",
        quantity: Credits | None = None,
        spend: Credits | None = None,
        limit_price: Credits | None = None,
        time_in_force: TimeInForce | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Order:
        """Buy or sell ``quantity`` shares, or buy for ``spend`` credits.

        Args:
            slug: the market.
            outcome: the outcome's name.
            side: whether to buy or to sell.
            quantity: how many shares.
            spend: how many credits, instead of a quantity.
            limit_price: the marginal price that the order does not pass.
            time_in_force: whether to fill all or nothing, which is the default, or as much as the limit allows.
            version: the book's version that it was quoted at: with any other nothing is traded.
            key: the order's own name; the same again trades nothing and gives the first answer.

        Raises:
            ProblemError: it was rejected, and nothing was traded.
            HunchError: with a ``key``: it is not known whether it was traded, and the same call with that key tells.
        """
        key = new_key() if key is None else key
        body = _order(outcome, side, quantity, spend, limit_price, time_in_force)
        if version is not None:
            body["version"] = version
        response = self._connection.send("POST", f"/v1/markets/{segment(slug)}/orders", body=body, key=key)
        order = self._connection.decode(response, Order)
        if response.status_code == HTTPStatus.ACCEPTED:
            order = self._follow(order, key)
        if order.status == "rejected":
            raise ProblemError(order.problem or _UNEXPLAINED)
        return order

    def order(self, order_id: str) -> Order:
        """An order of the caller's."""
        return self._connection.get(f"/v1/orders/{segment(order_id)}", Order)

    def portfolio(self) -> Portfolio:
        """The caller's balance and what it holds."""
        return self._connection.get("/v1/portfolio", Portfolio)

    def my_trades(self) -> Iterator[Trade]:
        """The caller's trades, newest first."""
        return self._connection.pages("/v1/portfolio/trades", Trade)

    def journal(self) -> Iterator[JournalEntry]:
        """Every movement of the caller's money, newest first."""
        return self._connection.pages("/v1/portfolio/journal", JournalEntry)

    def _follow(self, order: Order, key: str) -> Order:
        """The order once it is no longer pending."""
        deadline = time.monotonic() + FOLLOW_SECONDS
        while order.status == "pending":
            if time.monotonic() > deadline:
                raise HunchError(f"order {order.id} is still waiting for its turn", "pending", key)
            self._connection.retries.sleep(_POLL_SECONDS)
            order = self.order(order.id)
        return order


def _order(  # noqa: PLR0917 -- as many as an order has
    outcome: str,
    side: Side,
    quantity: Credits | None,
    spend: Credits | None,
    limit_price: Credits | None,
    time_in_force: TimeInForce | None,
) -> dict[str, object]:
    amounts = {"quantity": quantity, "spend": spend, "limit_price": limit_price}
    body: dict[str, object] = {"outcome": outcome, "side": side}
    body |= {name: amount(value) for name, value in amounts.items() if value is not None}
    return body | ({"time_in_force": time_in_force} if time_in_force else {})
