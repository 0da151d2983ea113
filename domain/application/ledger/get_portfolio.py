"""Read the caller's balance and everything the caller holds."""

from typing import NamedTuple

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError
from domain.model.ledger.portfolio import Portfolio, value_holding
from domain.port.out.clock import Clock
from domain.port.out.trading import PositionRepository


class GetPortfolioRequest(NamedTuple):
    """Whose portfolio: the caller's own."""

    caller: Caller


class GetPortfolioResult(NamedTuple):
    """The portfolio as of now."""

    portfolio: Portfolio


class GetPortfolio:
    """The use case."""

    def __init__(self, positions: PositionRepository, clock: Clock) -> None:
        self._positions = positions
        self._clock = clock

    async def execute(self, request: GetPortfolioRequest) -> GetPortfolioResult:
        """Find it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
        """
        holdings = await self._positions.find_by_account(request.caller.account)
        if holdings is None:
            raise AccountNotFoundError(request.caller.account)
        now = self._clock.now()
        lines = [
            line
            for holding in holdings.holdings
            for line in value_holding(holding.position, holding.market, holding.book, now)
        ]
        return GetPortfolioResult(Portfolio(holdings.account, tuple(lines)))
