"""What a market is about, where it is stored; where it is not, as much as the ledger tells."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from domain.application.instance.reconciliation.chain import Chain
from domain.event.market_events import MarketChanged
from domain.model.trading import lmsr
from domain.model.trading.book import Book
from domain.model.trading.market import (
    MAX_LIQUIDITY,
    MIN_LIQUIDITY,
    Market,
    MarketDefinition,
    MarketStatus,
    create_market,
)
from domain.model.trading.trade import Side, Trade


def defined_market(chain: Chain, stored: Market | None, book: Book | None) -> Market:
    """The market with its definition, as a draft that was just published.

    A definition is not in the ledger. Where the market is not stored, or as a draft that was edited since, the outcomes
    are those of its trades, the liquidity is the one whose subsidy was paid and whose charges the trades paid, and the
    question is the slug.

    Args:
        chain: what the ledger says, with a publication.
        stored: the market as it is stored, if it is.
        book: its book, if that is stored: it has the outcomes and the liquidity, too.
    """
    publication = chain.changes[0]
    trades = [entry.trade for entry in chain.trades if entry.trade]
    market = stored or _unknown(chain, publication, book)
    if market.status is MarketStatus.DRAFT:
        outcomes = tuple(shown.outcome for shown in trades[0].prices_after) if trades else market.outcomes
        market = replace(market, outcomes=outcomes)
        subsidy = -chain.subsidy.amount.amount if chain.subsidy else None
        if not _fits(market.liquidity, len(outcomes), subsidy, trades):
            market = replace(market, liquidity=_find_liquidity(len(outcomes), subsidy, trades) or market.liquidity)
    return replace(market, published_at=market.published_at or publication.occurred_at)


def is_unknown(chain: Chain, stored: Market | None, book: Book | None) -> bool:
    """Whether nobody can tell what the outcomes are: neither market nor book is stored, and nobody has traded."""
    return stored is None and book is None and not chain.trades


def _unknown(chain: Chain, publication: MarketChanged, book: Book | None) -> Market:
    creator = chain.subsidy.account if chain.subsidy else publication.actor
    if creator is None:
        raise ValueError(f"nobody knows who created {chain.slug!r}")
    definition = MarketDefinition(chain.slug, description="Its definition was lost.")
    if book:
        definition = replace(definition, outcomes=book.outcomes, liquidity=book.liquidity)
    return create_market(chain.slug, definition, creator, publication.occurred_at)


def _find_liquidity(outcomes: int, subsidy: int | None, trades: Sequence[Trade]) -> int | None:
    """The roundest liquidity that has this subsidy, and by which the trades were charged; None where there is none.

    A subsidy leaves one or two. Where it is lost, too, the price after the first trade leaves few: the larger the
    liquidity, the less a purchase moves it.
    """
    if subsidy is not None:
        low = _first(lambda each: lmsr.worst_loss(each, outcomes) >= subsidy)
        high = _first(lambda each: lmsr.worst_loss(each, outcomes) > subsidy)
    elif trades:
        index, price = _index(trades[0]), trades[0].prices_after[_index(trades[0])].price
        bought = [trades[0].quantity * (place == index) for place in range(outcomes)]
        low = _first(lambda each: lmsr.shown_prices(bought, each)[index] <= price)
        high = _first(lambda each: lmsr.shown_prices(bought, each)[index] < price)
    else:
        return None
    rounded = (-(-low // 10**digits) * 10**digits for digits in range(len(str(high)), -1, -1))
    candidates = (first + step for first in rounded if first <= high for step in (0, 1))
    return next((each for each in candidates if _fits(each, outcomes, subsidy, trades)), None)


def _first(is_reached: Callable[[int], bool]) -> int:
    """The least liquidity of which something is true that is true of all greater ones; the greatest for none."""
    low, high = MIN_LIQUIDITY, MAX_LIQUIDITY
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if is_reached(middle) else (middle + 1, high)
    return low


def _fits(liquidity: int, outcomes: int, subsidy: int | None, trades: Iterable[Trade]) -> bool:
    """Whether a liquidity has this subsidy, if that is known, and these charges and prices."""
    if subsidy not in {None, lmsr.worst_loss(liquidity, outcomes)}:
        return False
    quantities = [0] * outcomes
    for trade in trades:
        index, is_purchase = _index(trade), trade.side is Side.BUY
        compute = lmsr.charge_for_purchase if is_purchase else lmsr.proceeds_of_sale
        if compute(quantities, liquidity, index, trade.quantity) != trade.amount.amount:
            return False
        quantities[index] += trade.quantity if is_purchase else -trade.quantity
        if lmsr.shown_prices(quantities, liquidity) != tuple(shown.price for shown in trade.prices_after):
            return False
    return True


def _index(trade: Trade) -> int:
    return next(place for place, shown in enumerate(trade.prices_after) if shown.outcome == trade.outcome)
