"""Who may see a draft: its creator and the admins. To everybody else it does not exist."""

from typing import NoReturn

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError, MarketNotOpenError
from domain.model.trading.market import Market, MarketStatus
from domain.port.out.records import MarketKey, RecordReader


def require_visible(market: Market | None, slug: str, caller: Caller | None) -> Market:
    """The market, if it exists for this caller.

    Raises:
        MarketNotFoundError: there is none, or it is somebody else's draft.
    """
    if market is None or (market.status is MarketStatus.DRAFT and not _may_see_draft(market, caller)):
        raise MarketNotFoundError(slug)
    return market


async def refuse_without_book(records: RecordReader, slug: str, caller: Caller | None) -> NoReturn:
    """Refuse to trade where there is no book.

    Raises:
        MarketNotFoundError: there is no market for this caller either.
        MarketNotOpenError: it is a draft that the caller may see.
    """
    snapshot = await records.read(MarketKey(slug))
    require_visible(snapshot.get(MarketKey(slug)), slug, caller)
    raise MarketNotOpenError(f"The market {slug!r} is a draft and takes no orders. Publish it first.")


def _may_see_draft(market: Market, caller: Caller | None) -> bool:
    return caller is not None and (caller.is_admin or caller.account == market.creator)
