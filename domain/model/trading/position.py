"""What one account holds of one market."""

import hashlib
from dataclasses import dataclass, replace

from domain.model.kernel.errors import InsufficientSharesError
from domain.model.kernel.money import ZERO, Money, add_money, subtract_money, sum_money
from domain.model.kernel.notation import format_micros
from domain.model.kernel.record import record
from domain.model.kernel.shards import shard_of
from domain.model.trading.buys import OutcomeBuys, add_buy
from domain.model.trading.trade import Side, Trade

HOLDER_SHARDS = 16
"""Into how many shards a market's holders are spread, so that many workers can settle it at once."""


@record("position", key=("account", "market"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Position:
    """One account's shares of one market. It stays after a sale of everything, until the market is settled.

    Args:
        account: whose it is.
        market: the market's slug.
        quantities: micro-shares of each outcome, in the market's order; never negative.
        spent: paid less received on each outcome, in the same order; may be negative.
        version: counts the account's trades in this market, from 1.
        bought: Σ amounts of the purchases.
        buys: what they score, for each outcome of which there are any.
        counted: how many of the trades are in ``bought`` and ``buys``: all, but for those of releases that summed none.
    """

    account: str
    market: str
    quantities: tuple[int, ...]
    spent: tuple[Money, ...]
    version: int
    bought: Money = ZERO
    buys: tuple[OutcomeBuys, ...] = ()
    counted: int = 0

    @property
    def is_held(self) -> bool:
        """Whether any share is left in it."""
        return any(self.quantities)

    @property
    def is_counted(self) -> bool:
        """Whether all of its trades are in the sums."""
        return self.counted == self.version

    @property
    def net_spend(self) -> Money:
        """Paid less received over all outcomes; may be negative."""
        return sum_money(self.spent)

    @property
    def staked(self) -> Money:
        """What the account has put in and not taken out: its net spend, never negative."""
        return max(ZERO, self.net_spend, key=lambda money: money.amount)


def empty_position(account: str, market: str, outcomes: int) -> Position:
    """What an account holds before its first trade in a market."""
    return Position(account, market, (0,) * outcomes, (ZERO,) * outcomes, 0)


def trade_position(position: Position, outcome: int, trade: Trade) -> Position:
    """The position after its account's next trade in this market.

    Args:
        position: before it.
        outcome: the index of the outcome that is traded.
        trade: the sealed trade.

    Raises:
        InsufficientSharesError: more would be sold than is held.
    """
    held, quantity = position.quantities[outcome], trade.quantity
    is_purchase = trade.side is Side.BUY
    if not is_purchase and quantity > held:
        raise InsufficientSharesError(
            f"The sale is for {format_micros(quantity)} shares and you hold {format_micros(held)}. Sell less."
        )
    quantities, spent = list(position.quantities), list(position.spent)
    quantities[outcome] = held + quantity if is_purchase else held - quantity
    spent[outcome] = (add_money if is_purchase else subtract_money)(spent[outcome], trade.amount)
    return replace(
        position,
        quantities=tuple(quantities),
        spent=tuple(spent),
        version=position.version + 1,
        bought=add_money(position.bought, trade.amount) if is_purchase else position.bought,
        buys=add_buy(position.buys, outcome, quantity, _price_after(trade)) if is_purchase else position.buys,
        counted=position.counted + 1,
    )


def _price_after(trade: Trade) -> int:
    return next(shown.price for shown in trade.prices_after if shown.outcome == trade.outcome)


def holder_shard(account: str) -> int:
    """The shard, from 0 to 15, in which an account's positions are settled: the same everywhere and for ever."""
    return shard_of(account, HOLDER_SHARDS)


def holder_lane(account: str, lanes: int) -> int:
    """The lane, of so many, in which an account's positions are settled within their shard."""
    return hashlib.sha256(account.encode()).digest()[1] % lanes
