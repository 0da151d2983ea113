"""The simulation's DynamoDB with a market of a million positions, which take no room before they are read."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from bench.contention.cloud import Client
from bench.settlement.positions import MARKET, Holders
from domain.model.trading.position import holder_shard
from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.layout.trading import PORTFOLIO_PREFIX, holders_partition
from functions.adapter.out.dynamodb.tables import HOLDERS, PARTITION, SORT
from tests.simulation.expressions import Item
from tests.simulation.store import TABLES, Place, PreparedWrite, Store

_POSITION_SORT = f"{PORTFOLIO_PREFIX}#{MARKET}"


class _Items(dict[Place, Item]):
    """The items of the tables; those of a holder are made when they are first asked for.

    Args:
        holders: everybody.
        items: what else there is.
    """

    def __init__(self, holders: Holders, items: Mapping[Place, Item]) -> None:
        super().__init__(items)
        self._holders = holders
        self._numbers = {f"A#{holders.name(number)}": number for number in range(holders.number)}
        self._models = {
            (make == holders.account, number): (holders.name(number), msgspec.json.encode(to_item(make(number))))
            for make in (holders.account, holders.position)
            for number in range(2)
        }
        self.paid: set[int] = set()

    def number(self, place: Place) -> int | None:
        """Whose account or position it is; None for anything else."""
        is_theirs = place[0] == TABLES.core and place[2] in {PORTFOLIO_PREFIX, _POSITION_SORT}
        return self._numbers.get(place[1]) if is_theirs else None

    def get(self, place: Place, default: Any = None) -> Any:
        """An item. Of somebody who is paid nothing is left: nobody asks again."""
        number = self.number(place)
        if number is None or place in self:
            return super().get(place, default)
        if number in self.paid:
            return default
        made = self[place] = self._make(number, is_account=place[2] == PORTFOLIO_PREFIX)
        return made

    def _make(self, number: int, *, is_account: bool) -> Item:
        """The item of a holder: that of one of the first two with another name, which is made much faster."""
        name = self._holders.name(number)
        model, written = self._models[is_account, number % 2]
        item: Item = msgspec.json.decode(written.replace(model.encode(), name.encode()))
        shard = {} if is_account else {HOLDERS.partition: {"S": holders_partition(MARKET, holder_shard(name))}}
        return {**item, **shard}


class CrowdedStore(Store):
    """Both tables.

    Args:
        now: the virtual time.
        holders: everybody who holds a share.
        items: what else there is.
    """

    def __init__(self, now: Callable[[], float], holders: Holders, items: Mapping[Place, Item]) -> None:
        super().__init__(now)
        self.written = 0
        self._items = self.items = _Items(holders, {})
        for place, item in items.items():
            self.put_item(TableName=place[0], Item=item)
        self._listed: dict[str, list[str]] = defaultdict(list)
        for number in range(holders.number):
            name = holders.name(number)
            self._listed[holders_partition(MARKET, holder_shard(name))].append(name)
        self._first = dict.fromkeys(self._listed, 0)

    @property
    def paid(self) -> int:
        """How many holders were paid."""
        return len(self._items.paid)

    def apply(self, writes: Sequence[PreparedWrite]) -> None:
        """Do the writes; of holders only that they were paid is kept, and of what is never read its number."""
        kept = [write for write in writes if not self._forget(write)]
        self.written += len(writes)
        super().apply(kept)

    def _forget(self, write: PreparedWrite) -> bool:
        table, partition, sort = write.place
        number = self._items.number(write.place)
        if number is not None:
            self.items.pop(write.place, None)
            if sort == _POSITION_SORT:
                self._items.paid.add(number)
            return True
        return partition.startswith(("R#", "U#")) or (table == TABLES.ledger and partition[2:].startswith("holder-"))

    def query(self, **parameters: Any) -> dict[str, Any]:
        """The next holders of a shard, or whatever else is asked for."""
        values = parameters["ExpressionAttributeValues"]
        if parameters.get("IndexName") != HOLDERS.name:
            return super().query(**parameters)
        partition, bound = values[":partition"]["S"], values.get(":bound", {}).get("S", "")
        names = self._listed[partition]
        while self._first[partition] < len(names) and self._is_paid(names[self._first[partition]]):
            self._first[partition] += 1
        start = max(self._first[partition], bisect_right(names, bound))
        found = [name for name in names[start : start + parameters["Limit"]] if not self._is_paid(name)]
        others = super().query(**parameters)["Items"] if len(found) < parameters["Limit"] else []
        items = sorted([*(_listed(partition, name) for name in found), *others], key=lambda item: item["account"]["S"])
        page = items[: parameters["Limit"]]
        is_full = len(page) == parameters["Limit"]
        return {"Items": page, **({"LastEvaluatedKey": page[-1]} if is_full else {})}

    def _is_paid(self, name: str) -> bool:
        return self._items.number((TABLES.core, f"A#{name}", PORTFOLIO_PREFIX)) in self._items.paid


def _listed(partition: str, account: str) -> Item:
    """An entry of the index of holders."""
    key = {PARTITION: {"S": f"A#{account}"}, SORT: {"S": _POSITION_SORT}}
    return {**key, HOLDERS.partition: {"S": partition}, HOLDERS.sort: {"S": account}}


class Worker(Client):
    """The client of one worker, whose writes also take units of the index of holders."""

    limited_indexes = (HOLDERS,)
