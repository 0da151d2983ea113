"""Finding all accounts and books: by their index, or where it may still lack some, by a scan of the core table.

The index has the items that carry an attribute (``holds``) which this release gives every account and book it writes.
Items of earlier releases are without it until they are written again. So the table is looked through for them, each is
stored again as it is, and only once a whole look found none missing is the index asked.
"""

from collections.abc import Sequence
from datetime import datetime

from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.book import Book
from domain.port.out.paging import InvalidCursorError, Page
from domain.port.out.store import Change, Insert, Replace
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.dynamodb.balance_index import UNKNOWN, BalanceIndex, advance
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import can_exist
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.layout.trading import BOOK_SORT, HOLDS, PORTFOLIO_PREFIX
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import BALANCES, PARTITION, SORT

PAGE = 1000
"""How many keys a page of the index has."""
_INDEXED = "~"
"""Before the sort key of a cursor of the index. A release without the index goes on in the table from such a place."""

type BalanceKey = Key[Account] | Key[Book]


class DynamoBalances:
    """The keys of all that holds credits."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._records = DynamoRecords(gateway)

    async def find(
        self, cursor: str | None = None, limit: int | None = None, *, only_accounts: bool = False
    ) -> Page[BalanceKey]:
        """Some of them, in no order; perhaps none although more follow.

        Args:
            cursor: where the page begins.
            limit: how many at the most; None for as many as one request finds.
            only_accounts: whether books are left out.

        Raises:
            InvalidCursorError: no page has ended there.
        """
        sorts = (PORTFOLIO_PREFIX,) if only_accounts else tuple(HOLDS)
        is_indexed, after = (await self._is_complete(), None) if cursor is None else _parse(cursor, sorts)
        if is_indexed:
            items, last = await self._find_indexed(sorts, after, limit or PAGE)
        else:
            items, last = await self._find_in_table(sorts, after, limit)
        return Page(tuple(map(_key, items)), _cursor(last, is_indexed=is_indexed) if last else None)

    async def complete(self, now: datetime, until: float) -> None:
        """Look some way through the table for what the index lacks, where that is due; a later call goes on.

        Args:
            now: the present instant.
            until: when to stop, by the clock's monotonic time.

        Raises:
            ContentionError: DynamoDB was too busy, or a later release has written one of the items.
        """
        index = await self._index()
        if not index.is_due(now) or not await self._gateway.has_index(BALANCES):
            return
        while True:
            after = _parse(index.cursor)[1].attributes() if index.cursor is not None else None
            items, last = await self._gateway.scan(tuple(HOLDS), after, lacking=BALANCES.partition)
            for item in items:
                await self._add(_key(item))
            following = advance(index, len(items), _cursor(_place(last), is_indexed=False) if last else None, now)
            if not await self._keep(index, following):
                return  # another one looks, and has come further
            index = following
            # A function of the release before may still take something out again: whether it did is seen another time.
            if index.cursor is None or self._gateway.clock.monotonic() >= until:
                return

    async def _is_complete(self) -> bool:
        """Whether the index is known to lack nothing."""
        return (await self._index()).complete_at is not None

    async def _find_indexed(
        self, sorts: Sequence[str], after: ItemKey | None, limit: int
    ) -> tuple[Sequence[Item], ItemKey | None]:
        """Accounts in the order of their names, and after the last of them books in theirs."""
        items = list[Item]()
        for sort in sorts[sorts.index(after.sort) if after else 0 :]:
            above = after.partition if after and after.sort == sort else None
            wanted = limit - len(items)
            items += await self._gateway.query(BALANCES, HOLDS[sort], above=above, limit=wanted, forward=True)
            if len(items) == limit:
                return items, _place(items[-1])
        return items, None

    async def _find_in_table(
        self, sorts: Sequence[str], after: ItemKey | None, limit: int | None
    ) -> tuple[Sequence[Item], ItemKey | None]:
        """What a megabyte of the table has of these sort keys."""
        items, last = await self._gateway.scan(sorts, after and after.attributes())
        if limit is not None and len(items) > limit:
            return items[:limit], _place(items[limit - 1])
        return items, _place(last) if last else None

    async def _index(self) -> BalanceIndex:
        return (await self._records.read(key_for(BalanceIndex))).get(key_for(BalanceIndex)) or UNKNOWN

    async def _keep(self, read: BalanceIndex, after: BalanceIndex) -> bool:
        change: Change = Insert(after) if read == UNKNOWN else Replace(after, read=read)
        return isinstance(await self._records.commit_alone(change), Committed)

    async def _add(self, key: BalanceKey) -> None:
        """Store a record again as it is, with the attribute, on the condition that nobody has written it meanwhile.

        Whoever has, has given it the attribute; one of the release before has not, and it is found the next time.
        """
        stored = (await self._records.read(key)).found[key]
        if stored is not None:
            await self._records.commit_alone(Replace(stored, read=stored))


def _cursor(place: ItemKey, *, is_indexed: bool) -> str:
    return f"{place.partition}\n{_INDEXED if is_indexed else ''}{place.sort}"


def _parse(cursor: str, sorts: Sequence[str] = ()) -> tuple[bool, ItemKey]:
    """Whether a cursor is of the index, and the key of the last item before it.

    Args:
        cursor: where a page ended.
        sorts: the sort keys of what is in the index.

    Raises:
        InvalidCursorError: no page has ended there.
    """
    partition, _, sort = cursor.partition("\n")
    is_indexed, place = sort.startswith(_INDEXED), ItemKey(partition, sort.removeprefix(_INDEXED))
    longest = ItemKey(partition, partition) if is_indexed else place  # the index sorts by the table's partitions
    if not partition or not place.sort or not can_exist(longest) or (is_indexed and place.sort not in sorts):
        raise InvalidCursorError(cursor)
    return is_indexed, place


def _place(item: Item) -> ItemKey:
    return ItemKey(item[PARTITION]["S"], item[SORT]["S"])


def _key(item: Item) -> BalanceKey:
    """The key of an item; a partition is called by a letter and the name."""
    name = _place(item).partition.partition("#")[2]
    return key_for(Book, name) if _place(item).sort == BOOK_SORT else key_for(Account, name)
