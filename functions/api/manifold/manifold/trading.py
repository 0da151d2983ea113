"""Betting, selling, and what becomes of orders that would rest."""

from typing import Literal

from pydantic import Field

from domain.application.ledger.get_portfolio import GetPortfolioRequest
from domain.application.trading.place_order import PlaceOrderRequest
from domain.application.trading.quote import QuoteRequest
from domain.model.kernel.errors import ForbiddenError, InsufficientSharesError
from domain.model.trading.book import Listing
from domain.model.trading.market import Market
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.trade import Side
from functions.adapter.in_.manifold.answers import NO, YES, is_binary, outcome_index
from functions.adapter.in_.manifold.bet import DRY_RUN, Json, Move, limit_price, placed_bet, shape, terms
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Body, Call
from functions.adapter.in_.surface.numbers import Quantity, micros_of, milliseconds
from functions.adapter.in_.surface.refusal import wrong
from functions.api.manifold.manifold.reading import find_market


class BetBody(Body):
    """What to bet; how long the rest of an order is to wait is passed over, for nothing waits."""

    contract_id: str
    amount: Quantity
    outcome: Literal["YES", "NO"] = "YES"
    limit_prob: float | None = Field(default=None, ge=0.01, le=0.99, allow_inf_nan=False)
    answer_id: str | None = None
    dry_run: bool = False
    expires_at: float | None = None
    expires_millis_after: float | None = None
    silent: bool = False
    deterministic: bool = False
    deps: list[str] = Field(default=[])
    reply_to_comment_id: str | None = None


class SellBody(Body):
    """What to sell: all of it where no number is said."""

    outcome: Literal["YES", "NO"] | None = None
    shares: Quantity | None = None
    answer_id: str | None = None
    deterministic: bool = False
    deps: list[str] = Field(default=[])


class Trading:
    """The operations that trade."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def place_bet(self, call: Call) -> object:
        """Spend an amount on an outcome, at most up to a probability; or say what that would come to."""
        asked = call.body(BetBody)
        listing = await find_market(self._use_cases, asked.contract_id)
        market = listing.market
        index = outcome_index(market, asked.outcome, asked.answer_id)
        limit = asked.limit_prob
        order = OrderTerms(
            market.outcomes[index],
            Side.BUY,
            spend=micros_of(asked.amount),
            limit_price=None if limit is None else limit_price(limit, index, is_binary=is_binary(market.outcomes)),
            time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
        )
        if asked.dry_run:
            return await self._preview(call, listing, order, asked)
        request = PlaceOrderRequest(call.account, market.slug, order, call.idempotency)
        result = await self._use_cases.place_order.execute(request)
        if result.replayed:
            call.replayed()
        return placed_bet(result.order, market.liquidity, asked.amount, limit)

    async def _preview(self, call: Call, listing: Listing, order: OrderTerms, asked: BetBody) -> Json:
        market = listing.market
        result = await self._use_cases.quote.execute(QuoteRequest(market.slug, order, call.caller))
        fill = result.fill
        prices = tuple(shown.price for shown in fill.prices_after)
        move = Move(fill.outcome, fill.side, fill.quantity, fill.amount.amount, prices, market.liquidity)
        return {
            "id": DRY_RUN,
            "betId": DRY_RUN,
            "userId": call.account.account,
            "contractId": market.slug,
            **shape(market.slug, move, milliseconds(self._use_cases.clock.now())),
            **terms(asked.amount, asked.limit_prob, is_filled=fill.quantity == fill.requested),
        }

    async def cancel_bet(self, _: Call) -> object:
        """Nothing rests, so there is nothing to cancel.

        Raises:
            ForbiddenError: always.
        """
        raise ForbiddenError("There is nothing to cancel: what a limit leaves unfilled is cancelled at once.")

    async def sell(self, call: Call) -> object:
        """Sell shares."""
        asked = call.body(SellBody)
        market = (await find_market(self._use_cases, call.path["id"])).market
        held = await self._held(call, market)
        index = _sold_index(market, asked, held)
        quantity = held[index] if asked.shares is None else micros_of(asked.shares)
        # Who holds nothing has perhaps sold it by this very request: an order for the least there is finds the answer.
        order = OrderTerms(market.outcomes[index], Side.SELL, quantity=quantity or 1)
        request = PlaceOrderRequest(call.account, market.slug, order, call.idempotency)
        try:
            result = await self._use_cases.place_order.execute(request)
        except InsufficientSharesError as error:
            if quantity:
                raise
            raise InsufficientSharesError(f"You hold no shares of {market.outcomes[index]!r} to sell.") from error
        if result.replayed:
            call.replayed()
        return placed_bet(result.order, market.liquidity)

    async def _held(self, call: Call, market: Market) -> tuple[int, ...]:
        """The caller's micro-shares of each outcome."""
        portfolio = (await self._use_cases.get_portfolio.execute(GetPortfolioRequest(call.account))).portfolio
        held = {line.outcome: line.quantity for line in portfolio.lines if line.market == market.slug}
        return tuple(held.get(outcome, 0) for outcome in market.outcomes)


def _sold_index(market: Market, asked: SellBody, held: tuple[int, ...]) -> int:
    """The outcome to sell: of two, the one that is held where none is named."""
    if asked.outcome is not None or not is_binary(market.outcomes):
        return outcome_index(market, asked.outcome or YES, asked.answer_id)
    if asked.answer_id is not None:
        return outcome_index(market, YES, asked.answer_id)
    if all(held):
        raise wrong("outcome", "is needed: you hold both")
    return outcome_index(market, NO if held[1] else YES, None)
