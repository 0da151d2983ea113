"""Reading bets: those of a market, of a user, or of a user in a market."""

from collections.abc import AsyncIterator

from pydantic import Field

from domain.application.ledger.list_account_trades import ListAccountTradesRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.model.trading.trade import Trade
from domain.port.out.paging import Page
from functions.adapter.in_.manifold.bet import bet, parse_bet_id
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Call, Parameters
from functions.adapter.in_.surface.numbers import milliseconds
from functions.adapter.in_.surface.pages import items_of
from functions.adapter.in_.surface.refusal import wrong
from functions.api.manifold.manifold.reading import PAGE, find_account, find_market


class BetParameters(Parameters):
    """Whose bets on what."""

    contract_id: str | None = None
    contract_slug: str | None = None
    market: str | None = None
    user_id: str | None = None
    username: str | None = None
    answer_id: str | None = None
    limit: int = Field(default=1000, ge=0, le=1000)
    before: str | None = None
    before_time: float | None = None
    after_time: float | None = None
    kinds: str | None = None
    order: str | None = None
    filter_redemptions: str | None = None
    include_zero_share_redemptions: str | None = None


class Bets:
    """The operation that reads bets."""

    def __init__(self, use_cases: ManifoldUseCases) -> None:
        self._use_cases = use_cases

    async def list_bets(self, call: Call) -> object:
        """Bets, the latest first."""
        asked = call.parameters(BetParameters)
        if asked.order not in {None, "desc"}:
            raise wrong("order", "must be desc: the latest bets come first")
        market = asked.contract_id or asked.contract_slug or asked.market
        account = asked.user_id or asked.username
        if market is None and account is None:
            raise wrong("contractId", "or userId is needed: whose bets, or on what")
        if asked.kinds is not None:
            return []  # those are orders that rest
        found: list[Trade] = []
        async for trade in self._before(self._trades(market, account), asked.before):
            if len(found) == asked.limit:
                break
            if (account is None or trade.account == account) and _is_within(trade, asked):
                found.append(trade)
        markets = {slug: await find_market(self._use_cases, slug) for slug in {trade.market for trade in found}}
        bets = [bet(trade, markets[trade.market].book.liquidity) for trade in found]
        return [each for each in bets if asked.answer_id in {None, each.get("answerId")}]

    async def _trades(self, market: str | None, account: str | None) -> AsyncIterator[Trade]:
        """The trades of the market, and where none is named those of the account."""
        if account is not None:
            await find_account(self._use_cases, account)
        if market is not None:
            slug = (await find_market(self._use_cases, market)).market.slug

        async def read(cursor: str | None) -> Page[Trade]:
            if market is not None:
                return (await self._use_cases.list_trades.execute(ListTradesRequest(slug, PAGE, cursor))).page
            assert account is not None, "one of both is asked for"
            asked = ListAccountTradesRequest(account, PAGE, cursor)
            return (await self._use_cases.list_account_trades.execute(asked)).page

        async for trade in items_of(read):
            yield trade

    async def _before(self, trades: AsyncIterator[Trade], id_: str | None) -> AsyncIterator[Trade]:
        """Those that come after a bet in the list."""
        place = None if id_ is None else parse_bet_id(id_)
        if id_ is not None and place is None:
            raise wrong("before", "is the id of no bet")
        is_past = place is None
        async for trade in trades:
            if is_past or (place and trade.market == place[0] and trade.version < place[1]):
                is_past = True
                yield trade
            is_past = is_past or (trade.market, trade.version) == place


def _is_within(trade: Trade, asked: BetParameters) -> bool:
    time = milliseconds(trade.created_at)
    is_early = asked.before_time is None or time < asked.before_time
    return is_early and (asked.after_time is None or time > asked.after_time)
