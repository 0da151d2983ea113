"""Closing a market, and resolving it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from pydantic import Field

from domain.application.trading.close_market import CloseMarketRequest
from domain.application.trading.reopen_market import ReopenMarketRequest
from domain.application.trading.resolve_market import ResolveMarketRequest
from domain.application.trading.void_market import VoidMarketRequest
from domain.model.kernel.caller import Scope
from domain.model.kernel.money import MICROS
from domain.model.trading.book import Listing, shown_prices
from domain.model.trading.market import Market, MarketStatus
from functions.adapter.in_.http.endpoint import require_scope
from functions.adapter.in_.manifold.answers import NO, YES, answer_index, is_binary
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Body, Call, OpenBody
from functions.adapter.in_.surface.numbers import Milliseconds, instant_of
from functions.adapter.in_.surface.refusal import wrong
from functions.api.manifold.manifold.reading import find_market

_HUNDRED = Decimal(100)
_SLACK = Decimal("0.01")
"""How far percentages may be from a hundred in all: thirds have no end."""
_CANCELLED = "Cancelled by an admin."


class CloseBody(Body):
    """When to close; at once where nothing is said."""

    close_time: Milliseconds | None = None


class Share(OpenBody):
    """What one answer is to get."""

    answer_id: str
    pct: float = Field(ge=0, le=100, allow_inf_nan=False)


class ResolveBody(OpenBody):
    """What happened."""

    outcome: Literal["YES", "NO", "MKT", "CANCEL", "CHOOSE_ONE", "CHOOSE_MULTIPLE"]
    probability_int: float | None = Field(default=None, ge=0, le=100, allow_inf_nan=False)
    answer_id: str | None = None
    resolutions: list[Share] = Field(default=[])


class Deciding:
    """The operations that end a market."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def close(self, call: Call) -> object:
        """Close a market now, or let it close at another time."""
        asked = call.body(CloseBody)
        market = (await find_market(self._use_cases, call.path["id"])).market
        closes_at = None if asked.close_time is None else instant_of(asked.close_time)
        if closes_at is not None and closes_at <= self._use_cases.clock.now():
            raise wrong("closeTime", "must be in the future")
        if closes_at is None or market.status is MarketStatus.ACTIVE:
            request = CloseMarketRequest(call.account, market.slug, call.step("close"))
            await self._use_cases.close_market.execute(request)
        if closes_at is not None:
            reopening = ReopenMarketRequest(call.account, market.slug, closes_at, call.step("reopen"))
            await self._use_cases.reopen_market.execute(reopening)
        return {"success": True}

    async def resolve(self, call: Call) -> object:
        """Decide a market, or call it off."""
        asked = call.body(ResolveBody)
        listing = await find_market(self._use_cases, call.path["id"])
        slug = listing.market.slug
        if asked.outcome == "CANCEL":
            require_scope(call.caller, Scope.ADMIN)
            voiding = VoidMarketRequest(call.account, slug, _CANCELLED, call.idempotency)
            is_replay = (await self._use_cases.void_market.execute(voiding)).replayed
        else:
            request = ResolveMarketRequest(call.account, slug, _decision(listing, asked), call.idempotency)
            is_replay = (await self._use_cases.resolve_market.execute(request)).replayed
        if is_replay:
            call.replayed()
        return {"message": "success"}


def _decision(listing: Listing, asked: ResolveBody) -> str | Mapping[str, int]:
    """The outcome that happened, or what a share of each pays.

    Raises:
        SurfaceError: the market cannot be resolved so.
    """
    market = listing.market
    if is_binary(market.outcomes):
        return _binary_decision(listing, asked)
    if asked.outcome == "CHOOSE_ONE" and asked.answer_id is not None:
        return market.outcomes[answer_index(market, asked.answer_id)]
    if asked.outcome == "CHOOSE_MULTIPLE" and asked.resolutions:
        return _shares(market, asked.resolutions)
    raise wrong("outcome", "must be CHOOSE_ONE with answerId, or CHOOSE_MULTIPLE with resolutions, or CANCEL")


def _binary_decision(listing: Listing, asked: ResolveBody) -> str | Mapping[str, int]:
    first, second = listing.market.outcomes
    if asked.outcome in {YES, NO}:
        return first if asked.outcome == YES else second
    if asked.outcome != "MKT":
        raise wrong("outcome", "must be YES, NO, MKT or CANCEL: the market has two outcomes")
    if asked.probability_int is None:
        paid = shown_prices(listing.book)[0].price
    else:
        paid = _micros(Decimal(repr(asked.probability_int)))
    return {first: paid, second: MICROS - paid}


def _shares(market: Market, resolutions: list[Share]) -> Mapping[str, int]:
    """What a share of each answer pays: the percentages, made to add up to one exactly."""
    percentages = dict.fromkeys(market.outcomes, Decimal(0))
    for share in resolutions:
        percentages[market.outcomes[answer_index(market, share.answer_id)]] += Decimal(repr(share.pct))
    if abs(sum(percentages.values()) - _HUNDRED) > _SLACK:
        raise wrong("resolutions", "must add up to 100")
    paid = {name: _micros(percentage) for name, percentage in percentages.items()}
    largest = max(paid, key=lambda name: paid[name])
    return {**paid, largest: paid[largest] + MICROS - sum(paid.values())}


def _micros(percentage: Decimal) -> int:
    return int(percentage * MICROS / _HUNDRED)
