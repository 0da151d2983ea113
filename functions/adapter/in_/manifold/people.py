"""An account as a user, what it holds of a market, and what it says of one."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.application.trading.list_holders import Holder
from domain.model.discussion.comment import Comment
from domain.model.kernel.money import MICROS, Money, add_money, subtract_money, sum_money
from domain.model.ledger.account import Account
from domain.model.ledger.portfolio import Portfolio
from domain.model.record.result import Result
from domain.model.trading.book import Book, shown_prices
from functions.adapter.in_.manifold.answers import NO, YES, answer_id, is_binary
from functions.adapter.in_.surface.numbers import milliseconds, units

type Json = dict[str, object]

PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7), "monthly": timedelta(days=30)}


class Gains(NamedTuple):
    """What an account has made.

    Args:
        settled: the profit on every market that was resolved.
        results: those of the last month, the latest first.
        now: the present instant.
    """

    settled: Money
    results: Sequence[Result]
    now: datetime


def user(account: Account, origin: str) -> Json:
    """An account as anybody sees it."""
    return {
        "id": account.id,
        "name": account.shown_name,
        "username": account.id,
        "url": f"{origin}/people/{account.id}",
        "createdTime": milliseconds(account.created_at),
    }


def own_user(portfolio: Portfolio, gains: Gains, origin: str) -> Json:
    """An account as its owner sees it.

    ``allTime`` is what trading brought, shares at the prices shown; the shorter periods are the profits on the markets
    that were resolved in them. ``totalDeposits`` is what the account would be worth without trading.
    """
    held = sum_money(subtract_money(line.value, line.spent) for line in portfolio.lines)
    profit = add_money(gains.settled, held)
    periods = {name: _profit_since(gains.results, gains.now - span) for name, span in PERIODS.items()}
    return {
        **user(portfolio.account, origin),
        "balance": units(portfolio.account.balance.amount),
        "totalDeposits": units(subtract_money(portfolio.equity, profit).amount),
        "profitCached": {**periods, "allTime": units(profit.amount)},
    }


def _profit_since(results: Iterable[Result], start: datetime) -> float:
    return units(sum_money(result.profit for result in results if result.resolved_at >= start).amount)


def position(book: Book, name: str, held: Sequence[Holder]) -> Json:
    """What one account holds of a market.

    Args:
        book: the market's.
        name: what people call the account.
        held: its holdings, one for each outcome of which it has shares.
    """
    ids = _outcome_ids(book)
    prices = {shown.outcome: shown.price for shown in shown_prices(book)}
    shares = {ids[holder.outcome]: units(holder.quantity) for holder in held}
    invested = units(sum(holder.spent.amount for holder in held))
    payout = units(sum(holder.quantity * prices[holder.outcome] for holder in held) // MICROS)
    return {
        "contractId": book.slug,
        "userId": held[0].account,
        "userName": name,
        "userUsername": held[0].account,
        "totalShares": shares,
        "hasShares": True,
        "hasYesShares": YES in shares or not is_binary(book.outcomes),
        "hasNoShares": NO in shares,
        "maxSharesOutcome": ids[max(held, key=lambda holder: holder.quantity).outcome],
        "invested": invested,
        "payout": payout,
        "profit": round(payout - invested, 6),
    }


def _outcome_ids(book: Book) -> dict[str, str]:
    if is_binary(book.outcomes):
        return dict(zip(book.outcomes, (YES, NO), strict=True))
    return {name: answer_id(book.slug, index) for index, name in enumerate(book.outcomes)}


def comment(written: Comment, name: str) -> Json:
    """A comment; ``content`` is the same text in the form of the editor."""
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": written.text}]}
    return {
        "id": written.id,
        "contractId": written.market,
        "userId": written.account,
        "userName": name,
        "userUsername": written.account,
        "createdTime": milliseconds(written.created_at),
        "text": written.text,
        "content": {"type": "doc", "content": [paragraph]},
    }
