"""A trade as a Bet."""

import math
import re
from dataclasses import dataclass

from domain.model.kernel.money import MICROS
from domain.model.trading.order import Order, OrderStatus
from domain.model.trading.trade import Side, Trade
from functions.adapter.in_.manifold.answers import NO, YES, answer_id
from functions.adapter.in_.surface.numbers import milliseconds, units

type Json = dict[str, object]

DRY_RUN = "dry-run"
_ID = re.compile(r"([a-z0-9-]{1,64}):([1-9][0-9]{0,17})", re.ASCII)
_BINARY = 2


@dataclass(frozen=True, slots=True)
class Move:
    """What a bet did, or would do.

    Args:
        index: of the outcome that was traded.
        side: buy or sell.
        quantity: micro-shares.
        amount: micro-credits.
        prices: of all outcomes afterwards, in millionths.
        liquidity: the market's b, in micro-credits.
    """

    index: int
    side: Side
    quantity: int
    amount: int
    prices: tuple[int, ...]
    liquidity: int


def bet_id(slug: str, version: int) -> str:
    """The id of a market's trade."""
    return f"{slug}:{version}"


def parse_bet_id(text: str) -> tuple[str, int] | None:
    """The market and the version that a bet's id stands for; None for what is no bet's id."""
    match = _ID.fullmatch(text)
    return (match[1], int(match[2])) if match else None


def bet(trade: Trade, liquidity: int) -> Json:
    """A bet that was filled; what was asked for beyond that is not kept."""
    names = [shown.outcome for shown in trade.prices_after]
    prices = tuple(shown.price for shown in trade.prices_after)
    index = names.index(trade.outcome)
    move = Move(index, trade.side, trade.quantity, trade.amount.amount, prices, liquidity)
    return {
        "id": bet_id(trade.market, trade.version),
        "betId": bet_id(trade.market, trade.version),
        "userId": trade.account,
        "contractId": trade.market,
        **shape(trade.market, move, milliseconds(trade.created_at)),
    }


def placed_bet(order: Order, liquidity: int, asked: float | None = None, limit: float | None = None) -> Json:
    """The answer to an order.

    Args:
        order: what was placed.
        liquidity: the market's b, in micro-credits.
        asked: the credits that were to be spent; None for a sale.
        limit: the probability of YES that it was not to go beyond.
    """
    (trade,) = order.trades
    return {**bet(trade, liquidity), **terms(asked, limit, is_filled=order.status is OrderStatus.FILLED)}


def terms(asked: float | None, limit: float | None, *, is_filled: bool) -> Json:
    """What was asked for, and whether there was all of it; nothing rests for later."""
    shown: Json = {"isFilled": is_filled, "isCancelled": not is_filled}
    if asked is not None:
        shown["orderAmount"] = asked
    return shown if limit is None else {**shown, "limitProb": limit}


def shape(slug: str, move: Move, time: int) -> Json:
    """What bets say of themselves, made or not: amounts and shares are negative in a sale."""
    sign = 1 if move.side is Side.BUY else -1
    amount, shares = sign * units(move.amount), sign * units(move.quantity)
    is_binary = len(move.prices) == _BINARY
    after = units(move.prices[0 if is_binary else move.index])
    towards = sign if move.index == 0 or not is_binary else -sign
    return {
        "createdTime": time,
        "amount": amount,
        "shares": shares,
        "outcome": NO if is_binary and move.index else YES,
        "probBefore": _before(after, towards * move.quantity / move.liquidity),
        "probAfter": after,
        "orderAmount": amount,
        "isFilled": True,
        "isCancelled": False,
        "fills": [{"matchedBetId": None, "amount": amount, "shares": shares, "timestamp": time}],
        "fees": {"creatorFee": 0.0, "platformFee": 0.0, "liquidityFee": 0.0},
        "loanAmount": 0.0,
        "isRedemption": False,
        **({} if is_binary else {"answerId": answer_id(slug, move.index)}),
    }


def _before(after: float, change: float) -> float:
    """The probability from which a trade came: in the market maker's rule shares/b is the change of the logit."""
    if not 0 < after < 1:
        return after
    logit = math.log(after / (1 - after)) - change
    odds = math.exp(-abs(logit))
    low = odds / (1 + odds)
    return round(low if logit < 0 else 1 - low, 6)


def limit_price(limit: float, index: int, *, is_binary: bool) -> int:
    """The limit of an order in millionths, for a probability of YES, whichever outcome is bought."""
    yes = round(limit * MICROS)
    return MICROS - yes if is_binary and index else yes
