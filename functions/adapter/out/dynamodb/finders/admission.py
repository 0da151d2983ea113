"""Finding keys and invitations over DynamoDB."""

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.port.out.paging import Page, parse_id
from functions.adapter.out.dynamodb.gateway import DynamoGateway
from functions.adapter.out.dynamodb.items import decode
from functions.adapter.out.dynamodb.layout.admission import api_key_place, invitation_place
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey
from functions.adapter.out.dynamodb.tables import (
    PRIMARY,
)


class DynamoAdmission:
    """The AdmissionRepository."""

    def __init__(self, gateway: DynamoGateway) -> None:
        self._gateway = gateway

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

    async def _below(self, place: ItemKey, limit: int) -> list[Item]:
        return await self._gateway.query(PRIMARY, place.partition, below=place.sort, limit=limit)


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)
