"""Who may see a draft: its creator and the admins. To everybody else it does not exist."""

from typing import NoReturn

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import MarketNotFoundError, MarketNotOpenError
from domain.model.kernel.record import key_for
from domain.model.trading.book import Book
from domain.model.trading.market import Market, MarketStatus
from domain.port.out.store import Need, View


def require_visible(market: Market | None, slug: str, caller: Caller | None) -> Market:
    """The market, if it exists for this caller.

    Raises:
        MarketNotFoundError: there is none, or it is somebody else's draft.
    """
    if market is None or (market.status is MarketStatus.DRAFT and not _may_see_draft(market, caller)):
        raise MarketNotFoundError(slug)
    return market


def require_book(view: View, slug: str, caller: Caller | None) -> Book | Need:
    """The book to trade on; where there is none, what has to be read to say why.

    Raises:
        MarketNotFoundError: there is no market for this caller.
        MarketNotOpenError: it is a draft that the caller may see.
    """
    book = view.get(key_for(Book, slug))
    if book is not None:
        return book
    key = key_for(Market, slug)
    return Need((key,)) if not view.has_read(key) else refuse_without_book(view.get(key), slug, caller)


def refuse_without_book(market: Market | None, slug: str, caller: Caller | None) -> NoReturn:
    """Refuse to trade where there is no book.

    Raises:
        MarketNotFoundError: there is no market for this caller either.
        MarketNotOpenError: it is a draft that the caller may see.
    """
    require_visible(market, slug, caller)
    raise MarketNotOpenError(f"The market {slug!r} is a draft and takes no orders. Publish it first.")


def _may_see_draft(market: Market, caller: Caller | None) -> bool:
    return caller is not None and (caller.is_admin or caller.account == market.creator)
