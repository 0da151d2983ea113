"""A market as LiteMarket and FullMarket."""

from datetime import datetime
from typing import NamedTuple

from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.trading.book import Book, Listing, shown_prices
from domain.model.trading.market import DECIDED, Market, MarketStatus, Resolution
from functions.adapter.in_.manifold.answers import NO, YES, answer_id, is_binary
from functions.adapter.in_.surface.numbers import OPEN_FOR, milliseconds, units

type Json = dict[str, object]


class Activity(NamedTuple):
    """What a market and its book do not say of themselves.

    Args:
        updated_at: when anything last happened to the market.
        closed_at: when it was closed by hand; None where it was not, or nobody knows.
        volume: Σ amount of the trades of the last 24 hours.
    """

    updated_at: datetime
    closed_at: datetime | None = None
    volume: Money = ZERO


def lite_market(listing: Listing, activity: Activity, creator: str, origin: str) -> Json:
    """A published market in short.

    Args:
        listing: the market and its book, as they read now.
        activity: what happened lately.
        creator: what people call its creator.
        origin: the address of the instance.
    """
    market, book = listing
    probability = _leading_price(book)
    return {
        "id": market.slug,
        "slug": market.slug,
        "question": market.name,
        "url": f"{origin}/markets/{market.slug}",
        "creatorId": market.creator,
        "creatorUsername": market.creator,
        "creatorName": creator,
        "createdTime": milliseconds(market.created_at),
        "closeTime": milliseconds(_close_time(market, activity)),
        "outcomeType": "BINARY" if is_binary(market.outcomes) else "MULTIPLE_CHOICE",
        "mechanism": "lmsr",
        "probability": probability,
        "p": 0.5,
        "pool": _pool(book, probability),
        "totalLiquidity": units(book.subsidy.amount),
        "volume": units(book.volume.amount),
        "volume24Hours": units(activity.volume.amount),
        "isResolved": market.status in DECIDED,
        "uniqueBettorCount": book.holders,
        "lastUpdatedTime": milliseconds(activity.updated_at),
        "tags": list(market.tags),
        **_decision(market),
        **({} if is_binary(market.outcomes) else {"answers": answers(book)}),
    }


def full_market(listing: Listing, activity: Activity, creator: str, origin: str) -> Json:
    """A published market with all its text; see :func:`lite_market`."""
    text = full_text(listing.market)
    return {
        **lite_market(listing, activity, creator, origin),
        "description": text,
        "textDescription": text,
        "groupSlugs": [],
    }


def full_text(market: Market) -> str:
    """All that is written of a market: what it is about, how it is resolved, and what was added to that."""
    added = (clarification.text for clarification in market.clarifications)
    return "\n\n".join(text for text in (market.description, market.rules, *added) if text)


def answers(book: Book) -> list[Json]:
    """Every outcome with its price."""
    return [
        {"id": answer_id(book.slug, index), "text": shown.outcome, "index": index, "probability": units(shown.price)}
        for index, shown in enumerate(shown_prices(book))
    ]


def _leading_price(book: Book) -> float:
    """The price of the first of two outcomes; of more, of the one that leads."""
    prices = [shown.price for shown in shown_prices(book)]
    return units(prices[0] if is_binary(book.outcomes) else max(prices))


def _pool(book: Book, probability: float) -> Json:
    """The reserves at which a maker of the other kind has the same price, and the same depth to the first order."""
    twice = 2 * units(book.liquidity)
    return {YES: twice * (1 - probability), NO: twice * probability}


def _close_time(market: Market, activity: Activity) -> datetime:
    if market.status is MarketStatus.ACTIVE:
        return market.closes_at or _far(market)
    decided = market.resolution.resolved_at if market.resolution else None
    closed = [activity.closed_at, market.closes_at, decided]
    return min((instant for instant in closed if instant is not None), default=activity.updated_at)


def _far(market: Market) -> datetime:
    return (market.published_at or market.created_at) + OPEN_FOR


def _decision(market: Market) -> Json:
    """How it was resolved; nothing until then."""
    decided = market.resolution
    if decided is None or market.status not in DECIDED:
        return {}
    shown: Json = {"resolution": _resolution(market, decided), "resolutionTime": milliseconds(decided.resolved_at)}
    if decided.payouts is not None and is_binary(market.outcomes):
        shown["resolutionProbability"] = units(decided.payouts[0])
    return shown


def _resolution(market: Market, decided: Resolution) -> str:
    if decided.payouts is None:
        return "CANCEL"
    winner = decided.payouts.index(MICROS) if MICROS in decided.payouts else None
    if is_binary(market.outcomes):
        return "MKT" if winner is None else (YES, NO)[winner]
    return "CHOOSE_MULTIPLE" if winner is None else answer_id(market.slug, winner)
