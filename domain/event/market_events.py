"""What happened in the life of a market; stored as lifecycle records; edits of a draft leave none."""

from dataclasses import dataclass
from datetime import datetime

from domain.model.trading.market import Market, MarketStatus


@dataclass(frozen=True, slots=True)
class MarketChanged:
    """A market came to a new revision.

    Args:
        market: the market's slug.
        revision: the revision it came to.
        status: the status it has since.
        actor: the account that did it, None for the system.
        occurred_at: when it happened.
    """

    market: str
    revision: int
    status: MarketStatus
    actor: str | None
    occurred_at: datetime


def market_changed(market: Market, actor: str | None, now: datetime) -> MarketChanged:
    """The event of a market having come to its present revision."""
    return MarketChanged(market.slug, market.revision, market.status, actor, now)
