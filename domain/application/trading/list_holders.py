"""List who holds shares of a market."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Self

from domain.application.shared.visibility import require_visible
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import UnknownOutcomeError
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.trading.market import Market
from domain.model.trading.position import HOLDER_SHARDS, Position
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.store import RecordReader
from domain.port.out.trading import PositionRepository

_EXAMINED = 200
"""How many accounts a page may look at for the few that still hold shares."""


class Holder(NamedTuple):
    """Shares of one outcome in one account.

    Args:
        account: whose they are.
        outcome: the outcome's name.
        quantity: positive micro-shares.
        spent: paid less received on this outcome; may be negative.
    """

    account: str
    outcome: str
    quantity: int
    spent: Money


class ListHoldersRequest(NamedTuple):
    """Which market's holders, how many, and who asks; None for nobody in particular.

    Args:
        largest_of: the outcome whose largest holdings come first, on one page; None for all holdings, in no order.
    """

    slug: str
    limit: int
    cursor: str | None = None
    caller: Caller | None = None
    largest_of: str | None = None


class ListHoldersResult(NamedTuple):
    """A page of them, in the order that was asked for; it may be empty although more follow."""

    page: Page[Holder]


class ListHolders:
    """The use case: it walks the shards of the market's holders."""

    def __init__(self, records: RecordReader, positions: PositionRepository) -> None:
        self._records = records
        self._positions = positions

    async def execute(self, request: ListHoldersRequest) -> ListHoldersResult:
        """Find a page.

        Raises:
            MarketNotFoundError: there is no such market for this caller.
            InvalidCursorError: the cursor is none that this list gives.
        """
        key = key_for(Market, request.slug)
        market = require_visible((await self._records.read(key)).get(key), request.slug, request.caller)
        if request.largest_of is not None:
            return ListHoldersResult(Page(await self._largest(market, request.largest_of, request.limit), None))
        place, found, examined = _Place.parse(request.cursor), list[Holder](), 0
        async for step in self._walk(market, place, request.limit):
            if step.holder is not None and len(found) == request.limit:
                return ListHoldersResult(Page(tuple(found), str(place)))
            place = step.place
            if step.holder is not None:
                found.append(step.holder)
                continue
            examined += 1
            if examined == _EXAMINED:
                return ListHoldersResult(Page(tuple(found), str(place)))
        return ListHoldersResult(Page(tuple(found), None))

    async def _walk(self, market: Market, start: "_Place", limit: int) -> "AsyncIterator[_Step]":
        """Everything behind a place: the holdings of each account, and then the account itself."""
        if start.account:
            async for step in self._holdings(market, [start.account], start):
                yield step
        for shard in range(start.shard, HOLDER_SHARDS):
            after = start.account or None if shard == start.shard else None
            while True:
                page = await self._positions.find_holders(market.slug, shard, limit, after)
                async for step in self._holdings(market, page.items, _Place(shard)):
                    yield step
                if page.cursor is None:
                    break
                after = page.items[-1]

    async def _holdings(self, market: Market, accounts: Sequence[str], start: "_Place") -> "AsyncIterator[_Step]":
        """What these accounts of one shard hold; of the one at which a page ended, what comes behind."""
        positions = await self._positions_of(market, accounts)
        for account in accounts:
            position = positions.get(account)
            first = start.outcome + 1 if account == start.account else 0
            for outcome in range(first, len(market.outcomes)):
                if position is not None and position.quantities[outcome]:
                    yield _Step(_Place(start.shard, account, outcome), _holder(market, position, outcome))
            yield _Step(_Place(start.shard, account, len(market.outcomes)), None)

    async def _largest(self, market: Market, outcome: str, limit: int) -> tuple[Holder, ...]:
        if outcome not in market.outcomes:
            raise UnknownOutcomeError(market.outcomes)
        index = market.outcomes.index(outcome)
        positions = await self._positions.find_largest(market.slug, index, limit)
        return tuple(_holder(market, position, index) for position in positions)

    async def _positions_of(self, market: Market, accounts: Sequence[str]) -> dict[str, Position]:
        """What these accounts hold of the market."""
        if not accounts:
            return {}
        keys = {account: key_for(Position, account, market.slug) for account in accounts}
        snapshot = await self._records.read(*keys.values())
        return {account: position for account in accounts if (position := snapshot.get(keys[account]))}


def _holder(market: Market, position: Position, outcome: int) -> Holder:
    quantity, spent = position.quantities[outcome], position.spent[outcome]
    return Holder(position.account, market.outcomes[outcome], quantity, spent)


class _Place(NamedTuple):
    """Where in the walk a page ended: shard by shard, in each by account, in each by outcome.

    Args:
        shard: the shard that is being walked.
        account: the account that was looked at last; empty before the first of a shard.
        outcome: the index of that account's outcome that was looked at last.
    """

    shard: int
    account: str = ""
    outcome: int = -1

    @classmethod
    def parse(cls, cursor: str | None) -> Self:
        """The place that a cursor stands for; the start for None.

        Raises:
            InvalidCursorError: it stands for none.
        """
        if cursor is None:
            return cls(0)
        match = re.fullmatch(r"([0-9]{1,2}) ([a-z0-9-]{0,64}) (-1|[0-9]{1,2})", cursor, re.ASCII)
        if match is None or int(match[1]) >= HOLDER_SHARDS:
            raise InvalidCursorError(cursor)
        return cls(int(match[1]), match[2], int(match[3]))

    def __str__(self) -> str:
        return f"{self.shard} {self.account} {self.outcome}"


class _Step(NamedTuple):
    """A step of the walk.

    Args:
        place: where it ends.
        holder: the holding that is there; None at the end of an account.
    """

    place: _Place
    holder: Holder | None
