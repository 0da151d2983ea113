"""The tools of an agent: each is one call of the client, and gives its answer as JSON."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Annotated, Literal

import msgspec
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BeforeValidator, Field

from hunch_client import Hunch, Market, MarketStatus, Side

type Connect = Callable[[Context], Hunch]
"""The client for whoever makes a call."""


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


type Amount = Annotated[str, BeforeValidator(_as_text)]
type Count = Annotated[int, Field(ge=1, le=100)]

_PERIODS = {"1m": timedelta(hours=6), "1h": timedelta(days=7), "1d": timedelta(days=365)}


class Tools:
    """The tools over a client.

    Args:
        connect: the client for whoever makes a call.
        max_spend: the credits that one order, or the subsidy of one market, may cost; None for no limit.
    """

    def __init__(self, connect: Connect, max_spend: Decimal | None = None) -> None:
        self._connect = connect
        self._max_spend = max_spend

    def search_markets(
        self,
        ctx: Context,
        *,
        words: str | None = None,
        status: MarketStatus | None = "ACTIVE",
        tag: str | None = None,
        limit: Count = 20,
    ) -> str:
        """Find markets by up to five words, or by a tag, newest first: slug, name, status, prices, closing time."""
        found = self._connect(ctx).markets(q=words, status=status, tag=tag)
        return _json([_brief(market) for market in islice(found, limit)])

    def get_market(self, ctx: Context, slug: str) -> str:
        """Read a market: prices, rules, clarifications, resolution, version of its book."""
        return _json(self._connect(ctx).market(slug))

    def price_history(self, ctx: Context, slug: str, interval: Literal["1m", "1h", "1d"] = "1h") -> str:
        """Read the prices of the last 6 hours (1m), 7 days (1h) or year (1d), oldest first."""
        now = datetime.now(UTC)
        return _json(self._connect(ctx).prices(slug, interval, now - _PERIODS[interval], now))

    def quote(
        self,
        ctx: Context,
        *,
        slug: str,
        outcome: str,
        side: Side = "buy",
        quantity: Amount | None = None,
        spend: Amount | None = None,
        limit_price: Amount | None = None,
    ) -> str:
        """Preview an order; its parameters are those of place_order. Nothing is traded."""
        client = self._connect(ctx)
        return _json(client.quote(slug, outcome, side=side, quantity=quantity, spend=spend, limit_price=limit_price))

    def place_order(
        self,
        ctx: Context,
        *,
        slug: str,
        outcome: str,
        idempotency_key: str,
        side: Side = "buy",
        quantity: Amount | None = None,
        spend: Amount | None = None,
        limit_price: Amount | None = None,
        version: int | None = None,
    ) -> str:
        """Buy or sell shares; a share pays 1 credit if its outcome happens.

        Give quantity (shares) or spend (credits, buy only). limit_price: the price from 0 to 1 not to pass. version: of
        the quote; if others traded since, nothing is traded. idempotency_key: a new one for each order; the same key
        again trades nothing and gives the first answer, so repeat with it when in doubt.
        """
        if side == "buy":
            self._require_within_limit(quantity, spend, limit_price)
        return _json(
            self._connect(ctx).place_order(
                slug,
                outcome,
                side=side,
                quantity=quantity,
                spend=spend,
                limit_price=limit_price,
                version=version,
                key=idempotency_key,
            )
        )

    def get_order(self, ctx: Context, order_id: str) -> str:
        """Read an order of mine."""
        return _json(self._connect(ctx).order(order_id))

    def portfolio(self, ctx: Context) -> str:
        """Read my balance, what I hold, and what it is worth."""
        return _json(self._connect(ctx).portfolio())

    def my_trades(self, ctx: Context, limit: Count = 20) -> str:
        """List my trades, newest first."""
        return _json(list(islice(self._connect(ctx).my_trades(), limit)))

    def leaderboard(
        self,
        ctx: Context,
        *,
        period: str | None = None,
        by: Literal["points", "profit", "brier"] | None = None,
        limit: Count = 20,
    ) -> str:
        """List who forecasts best: of all time, a year (2026) or a month (2026-11)."""
        return _json(list(islice(self._connect(ctx).leaderboard(period=period, by=by), limit)))

    def comment(self, ctx: Context, slug: str, text: str, idempotency_key: str | None = None) -> str:
        """Say something about a market, in public."""
        return _json(self._connect(ctx).comment(slug, text, key=idempotency_key))

    def draft_market(
        self,
        ctx: Context,
        *,
        slug: str,
        name: str,
        rules: str,
        description: str = "",
        outcomes: Sequence[str] = ("YES", "NO"),
        liquidity: Amount = "100",
        closes_at: datetime | None = None,
        tags: Sequence[str] = (),
    ) -> str:
        """Draft a market, which only I see until it is published.

        slug: lower-case letters, digits, hyphens. rules: how it is decided. Publishing costs the subsidy in the answer.
        """
        return _json(
            self._connect(ctx).create_market(
                slug,
                name,
                rules=rules,
                description=description,
                outcomes=outcomes,
                liquidity=liquidity,
                closes_at=closes_at,
                tags=tags,
            )
        )

    def publish_market(self, ctx: Context, slug: str) -> str:
        """Pay the subsidy of my draft and open it to everybody. It cannot be edited afterwards."""
        client = self._connect(ctx)
        self._require(client.market(slug).subsidy, "the subsidy")
        return _json(client.publish_market(slug))

    def _require_within_limit(self, quantity: str | None, spend: str | None, limit_price: str | None) -> None:
        """Refuse a purchase that might cost too much.

        A share costs less than its limit price, or than 1 without one. The bound depends on the request alone, so
        that the same request is decided the same when it is repeated.
        """
        if self._max_spend is not None:
            cost = _number(spend) if spend is not None else _number(quantity or "0") * _number(limit_price or "1")
            self._require(cost, "this order, at worst,")

    def _require(self, cost: Decimal, what: str) -> None:
        if self._max_spend is not None and not cost <= self._max_spend:
            raise ToolError(
                f"spending-limit: {what} costs {cost:f} credits, and this connection may spend {self._max_spend:f} "
                "at once. Use spend, or a smaller quantity or limit_price."
            )


def _brief(market: Market) -> dict[str, object]:
    return {
        "slug": market.slug,
        "name": market.name,
        "status": market.status,
        "prices": market.prices,
        "volume": market.volume,
        "closes_at": market.closes_at,
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _number(text: str) -> Decimal:
    """A finite number.

    Raises:
        ToolError: it is none.
    """
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise ToolError(f"validation-failed: {text!r} is no number.") from error
    if not number.is_finite():
        raise ToolError(f"validation-failed: {text!r} is no amount.")
    return number
