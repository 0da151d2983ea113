"""Trades, chained by digest so that anyone can replay a market and check every charge."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from domain.model.kernel.money import Money
from domain.model.kernel.notation import canonical_json, format_micros, format_time

NO_TRADE_DIGEST = "0" * 64
"""What the first trade of a market is chained to."""


class Side(Enum):
    """Which way shares move, as the trader sees it."""

    BUY = "buy"
    SELL = "sell"


@dataclass(frozen=True, slots=True)
class OutcomePrice:
    """An outcome's shown price, in millionths."""

    outcome: str
    price: int


@dataclass(frozen=True, slots=True)
class Trade:
    """Shares that changed hands between an account and the market maker.

    Args:
        id: unique among all trades.
        market: the market's slug.
        account: who traded.
        outcome: the name of the outcome traded.
        side: buy or sell.
        quantity: micro-shares, positive.
        amount: credits paid on a buy, received on a sale; never negative.
        prices_after: every outcome's shown price once the trade was done.
        version: the trade's number in its market, from 1, without gaps.
        digest: what chains it to the trade before; see :func:`trade_digest`.
        created_at: when it was done.
    """

    id: str
    market: str
    account: str
    outcome: str
    side: Side
    quantity: int
    amount: Money
    prices_after: tuple[OutcomePrice, ...]
    version: int
    digest: str
    created_at: datetime


def trade_document(trade: Trade) -> dict[str, object]:
    """The trade as the API shows it: the form its digest is taken of, and the one an auditor starts from."""
    return {
        "id": trade.id,
        "market": trade.market,
        "account": trade.account,
        "outcome": trade.outcome,
        "side": trade.side.value,
        "quantity": format_micros(trade.quantity),
        "amount": format_micros(trade.amount.amount),
        "prices_after": {shown.outcome: format_micros(shown.price) for shown in trade.prices_after},
        "version": trade.version,
        "digest": trade.digest,
        "created_at": format_time(trade.created_at),
    }


def trade_digest(previous: str, trade: Trade) -> str:
    """Lower-case hex SHA-256 of the previous trade's digest, a newline, and this trade's canonical JSON without one."""
    document = trade_document(trade)
    del document["digest"]
    return hashlib.sha256(f"{previous}\n{canonical_json(document)}".encode("ascii")).hexdigest()


def seal_trade(previous: str, trade: Trade) -> Trade:
    """The trade with the digest that chains it to the previous one."""
    return replace(trade, digest=trade_digest(previous, trade))
