"""Finding keys, invitations and accounts over DynamoDB."""

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.paging import InvalidCursorError, Page, parse_id
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.admission import api_key_place, invitation_place
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.layout.trading import PORTFOLIO_PREFIX
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import (
    PARTITION,
    PRIMARY,
    SORT,
)

_SCANS = 8
"""How many megabytes of the core table a page of accounts reads at the most: eight seconds at an easy pace."""


class DynamoAdmission:
    """The AdmissionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._records = DynamoRecords(gateway)

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """An account's keys, newest first."""
        items = await self._below(api_key_place(account, _before(cursor)), limit)
        api_keys = tuple(decode(ApiKey, item) for item in items)
        return Page(api_keys, api_keys[-1].id if len(api_keys) == limit else None)

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        """All invitations, newest first."""
        items = await self._below(invitation_place(_before(cursor)), limit)
        invitations = tuple(decode(Invitation, item) for item in items)
        return Page(invitations, invitations[-1].id if len(invitations) == limit else None)

    async def find_accounts(self, limit: int, cursor: str | None = None) -> Page[Account]:
        """The accounts of the next megabytes of the core table, as last written."""
        after, places = _after(cursor), list[ItemKey]()
        for _ in range(_SCANS):
            items, last = await self._gateway.scan((PORTFOLIO_PREFIX,), after and after.attributes())
            places += [_place_of(item) for item in items]
            after = _place_of(last) if last else None
            if len(places) >= limit or after is None:
                break
        if len(places) > limit:
            after = places[limit - 1]
        keys = [key_for(Account, place.partition.partition("#")[2]) for place in places[:limit]]
        view = await self._records.read(*keys)
        accounts = [account for key in keys if (account := view.get(key))]
        return Page(tuple(accounts), "\n".join(after) if after else None)

    async def _below(self, place: ItemKey, limit: int) -> list[Item]:
        return await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)


def _place_of(item: Item) -> ItemKey:
    return ItemKey(item[PARTITION]["S"], item[SORT]["S"])


def _after(cursor: str | None) -> ItemKey | None:
    """Where a page of accounts begins.

    Raises:
        InvalidCursorError: no page has ended there.
    """
    if cursor is None:
        return None
    partition, _, sort = cursor.partition("\n")
    if not partition or not sort:
        raise InvalidCursorError(cursor)
    return ItemKey(partition, sort)
