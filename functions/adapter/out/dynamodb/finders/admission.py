"""Finding keys, invitations, accounts and what they have left over DynamoDB."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLinks
from domain.model.discussion.comment import Comment
from domain.model.kernel.command import Command
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.market import Market
from domain.model.webhooks.delivery import Delivery, WebhookCheckpoint
from domain.model.webhooks.webhook import Webhook
from domain.port.out.paging import Page, parse_id
from functions.adapter.out.dynamodb.balances import DynamoBalances
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode, place_of
from functions.adapter.out.dynamodb.layout.admission import api_key_place, api_keys_partition, invitation_place
from functions.adapter.out.dynamodb.layout.item import SCHEMA, Item, ItemKey, personal_partition
from functions.adapter.out.dynamodb.layout.webhooks import deliveries_partition, webhooks_partition
from functions.adapter.out.dynamodb.records import DynamoRecords
from functions.adapter.out.dynamodb.tables import DRAFTS_BY_CREATOR, PARTITION, PRIMARY, SORT, Index

_PAGE = 100
_SCANS = 8
"""How many megabytes of the core table a page of accounts reads at the most, where it cannot ask the index."""


class DynamoAdmission:
    """The AdmissionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway
        self._records = DynamoRecords(gateway)
        self._balances = DynamoBalances(gateway)

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
        """Accounts as last written; one that was opened just now may be missing."""
        keys = list[Key[Any]]()
        for _ in range(_SCANS):
            page = await self._balances.find(cursor, limit - len(keys), only_accounts=True)
            keys += page.items
            cursor = page.cursor
            if len(keys) == limit or cursor is None:
                break
        view = await self._records.read(*keys)
        return Page(tuple(account for key in keys if (account := view.get(key))), cursor)

    async def find_personal(self, account: str, limit: int) -> Sequence[Key[Any]]:
        """What an account has left that is to go with its name."""
        return await _find_personal(self._gateway, account, limit)

    async def _below(self, place: ItemKey, limit: int) -> list[Item]:
        return await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)


async def _find_personal(gateway: DynamoGateway, account: str, limit: int) -> Sequence[Key[Any]]:
    """The keys of stored records, webhooks after all that is kept of their deliveries."""
    found: list[Key[Any]] = []
    async for keys in _pages(gateway, account):
        found += await _stored(gateway, keys)
        if len(found) >= limit:
            break
    return found[:limit]


async def _pages(gateway: DynamoGateway, account: str) -> AsyncIterator[Sequence[Key[Any]]]:
    async for items in _items(gateway, PRIMARY, personal_partition(account)):
        # The account's forecasts, which stay, lie there too: records have a schema, rows have none.
        yield [_named(item) for item in items if SCHEMA not in item]
    async for items in _items(gateway, PRIMARY, api_keys_partition(account)):
        yield [key_for(ApiKey, account, item["id"]["S"]) for item in items]
    yield [key_for(SignInLinks, account)]
    async for items in _items(gateway, DRAFTS_BY_CREATOR, account, consistent=False):
        yield [key_for(Market, item["slug"]["S"]) for item in items]
    webhooks: list[Key[Any]] = []
    async for items in _items(gateway, PRIMARY, webhooks_partition(account)):
        yield [
            key_for(WebhookCheckpoint, account, item["webhook"]["S"], item["market"]["S"])
            for item in items
            if item[SORT]["S"].startswith("C#")
        ]
        webhooks += [key_for(Webhook, account, item["id"]["S"]) for item in items if item[SORT]["S"].startswith("W#")]
    for webhook in webhooks:
        id_ = str(webhook.values[1])
        async for items in _items(gateway, PRIMARY, deliveries_partition(account, id_)):
            yield [key_for(Delivery, account, id_, item["id"]["S"]) for item in items]
    yield webhooks


async def _items(
    gateway: DynamoGateway, index: Index, partition: str, *, consistent: bool = True
) -> AsyncIterator[Sequence[Item]]:
    """All items of a partition, a page at a time."""
    after: str | None = None
    while True:
        items = await gateway.query(index, partition, above=after, limit=_PAGE, forward=True, consistent=consistent)
        yield items
        if len(items) < _PAGE:
            return
        after = items[-1][index.sort]["S"]


def _named(item: Item) -> Key[Any]:
    """The key of the record that a row stands for."""
    if "comment" in item:
        return key_for(Comment, item["market"]["S"], item["comment"]["S"])
    return key_for(Command, item["account"]["S"], item["command"]["S"])


async def _stored(gateway: DynamoGateway, keys: Sequence[Key[Any]]) -> list[Key[Any]]:
    """Those that are there: a row may outlive an answer that went by itself, and an index may trail behind."""
    places = {place_of(key): key for key in keys}
    items = await gateway.get([place.attributes() for place in places], consistent=True)
    there = {ItemKey(item[PARTITION]["S"], item[SORT]["S"]) for item in items}
    return [key for place, key in places.items() if place in there]
