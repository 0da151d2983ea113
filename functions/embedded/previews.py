"""What chats and search engines show of a link to a market: they read the page as it is sent, and run no script."""

from dataclasses import dataclass

from domain.application.trading.get_market import GetMarketRequest, GetMarketResult
from domain.model.kernel.errors import MarketNotFoundError
from domain.model.kernel.money import MICROS
from domain.model.trading.book import Listing, present_prices
from domain.model.trading.market import Market
from domain.port.in_.use_case import UseCase

MARKETS = "/markets/"
_LONGEST = 200
_OUTCOMES = 3
_PER_MILLE = MICROS // 1000


@dataclass(frozen=True, slots=True)
class Preview:
    """A title and a text of at most 200 characters."""

    title: str
    description: str


class Previews:
    """Tells what is at an address of the page, as far as anybody may know it.

    Args:
        get_market: reads one market.
    """

    def __init__(self, get_market: UseCase[GetMarketRequest, GetMarketResult]) -> None:
        self._get_market = get_market

    async def of(self, path: str) -> Preview | None:
        """The preview of an address; None where it is not a market that everybody sees."""
        slug, _, rest = path.removeprefix(MARKETS).partition("/")
        if not path.startswith(MARKETS) or rest:
            return None
        try:
            result = await self._get_market.execute(GetMarketRequest(slug))
        except MarketNotFoundError:
            return None
        market = result.listing.market
        said = " ".join(f"{_state(result.listing)} {market.description}".split())
        return Preview(market.name, said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…")


def _state(listing: Listing) -> str:
    """The answer, or what the prices say so far."""
    market, book = listing
    if market.resolution is None:
        prices = sorted(zip(present_prices(book), market.outcomes, strict=True), key=lambda each: -each[0])
        return f"{', '.join(f'{name} {_percent(price)}' for price, name in prices[:_OUTCOMES])}."
    return _answer(market, market.resolution.payouts)


def _answer(market: Market, payouts: tuple[int, ...] | None) -> str:
    if payouts is None:
        return "Voided."
    paid = (
        name if payout == MICROS else f"{name} {_percent(payout)}"
        for name, payout in zip(market.outcomes, payouts, strict=True)
        if payout
    )
    return f"Resolved: {', '.join(paid)}."


def _percent(millionths: int) -> str:
    """A share of one to a tenth of a percent, as the page writes it: never rounded into certainty."""
    tenths = (millionths + _PER_MILLE // 2) // _PER_MILLE
    if tenths in {0, 1000}:
        return ">99.9%" if tenths else "<0.1%"
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"
