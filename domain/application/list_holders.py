"""List who holds shares of a market."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from domain.application.visibility import require_visible
from domain.model.caller import Caller
from domain.model.market import Market
from domain.model.position import HOLDER_SHARDS
from domain.port.out.records import MarketKey, PositionKey, RecordReader
from domain.port.out.repositories import Page, PositionRepository


@dataclass(frozen=True, slots=True)
class Holder:
    """Shares of one outcome in one account: positive micro-shares."""

    account: str
    outcome: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ListHoldersRequest:
    """Which market's holders, how many, and who asks; None for nobody in particular."""

    slug: str
    limit: int
    cursor: str | None = None
    caller: Caller | None = None


@dataclass(frozen=True, slots=True)
class ListHoldersResult:
    """A page of them, in no order."""

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
            ValueError: the cursor is none that this list gives.
        """
        key = MarketKey(request.slug)
        market = require_visible((await self._records.read(key)).get(key), request.slug, request.caller)
        place, found = _Place.parse(request.cursor), list[Holder]()
        while place.shard < HOLDER_SHARDS:
            page = await self._positions.find_holders(market.slug, place.shard, request.limit, place.after or None)
            for account, holders in (await self._holders(market, page.items)).items():
                for holder in holders[place.skip :]:
                    if len(found) == request.limit:
                        return ListHoldersResult(Page(tuple(found), str(place)))
                    found.append(holder)
                    place = place._replace(skip=place.skip + 1)
                place = _Place(place.shard, account, 0)
            if page.cursor is None:
                place = _Place(place.shard + 1, "", 0)
        return ListHoldersResult(Page(tuple(found), None))

    async def _holders(self, market: Market, accounts: Sequence[str]) -> dict[str, list[Holder]]:
        """What each of these accounts holds, outcome by outcome."""
        keys = {account: PositionKey(account, market.slug) for account in accounts}
        snapshot = await self._records.read(*keys.values())
        held = {account: position.quantities for account in accounts if (position := snapshot.get(keys[account]))}
        return {
            account: [
                Holder(account, outcome, quantity)
                for outcome, quantity in zip(market.outcomes, held.get(account, ()), strict=False)
                if quantity
            ]
            for account in accounts
        }


class _Place(NamedTuple):
    """Where in the walk a page ended.

    Args:
        shard: the shard that is being walked.
        after: the last account that is wholly done, empty for none.
        skip: how many outcomes of the next account are done.
    """

    shard: int
    after: str
    skip: int

    @classmethod
    def parse(cls, cursor: str | None) -> Self:
        """The place that a cursor stands for; the start for None."""
        if cursor is None:
            return cls(0, "", 0)
        shard, after, skip = cursor.split(" ")
        return cls(int(shard), after, int(skip))

    def __str__(self) -> str:
        return f"{self.shard} {self.after} {self.skip}"
