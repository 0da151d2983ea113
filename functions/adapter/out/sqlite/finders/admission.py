"""Finding keys, invitations, accounts and what they have left over SQLite."""

from collections.abc import Mapping, Sequence
from typing import Any

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.admission.sign_in_link import SignInLinks
from domain.model.discussion.comment import Comment
from domain.model.kernel.command import Command
from domain.model.kernel.names import is_slug
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account
from domain.model.trading.market import Market
from domain.model.webhooks.webhook import Webhook
from domain.port.out.paging import InvalidCursorError, Page, parse_id
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode

# Deliveries and checkpoints go with their webhook. Remembered comments are without their text. Listings show drafts and
# published markets; of the latter everybody may know.
_PERSONAL: Mapping[type[Any], str] = {
    Comment: "SELECT market, id FROM comments WHERE account = :account LIMIT :limit",
    ApiKey: "SELECT account, id FROM api_keys WHERE account = :account LIMIT :limit",
    SignInLinks: "SELECT account FROM sign_in_links WHERE account = :account",
    Webhook: "SELECT account, id FROM webhooks WHERE account = :account LIMIT :limit",
    Market: "SELECT slug FROM markets WHERE creator = :account AND status = 'DRAFT' LIMIT :limit",
    Command: """SELECT account, id FROM commands
        WHERE kind IN ('OpenedAccount', 'ChangedAccount', 'Listing')
            AND coalesce(answer ->> '$.account.id', account) = :account
            AND (kind <> 'Listing' OR answer ->> '$[0].status' = 'DRAFT')
        LIMIT :limit""",
}


class SqliteAdmission:
    """The AdmissionRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """An account's keys, newest first."""
        query = "SELECT document FROM api_keys WHERE account = ? AND id < ? ORDER BY id DESC LIMIT ?"
        parameters = (account, _before(cursor), limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        api_keys = tuple(decode(ApiKey, document) for (document,) in found)
        return Page(api_keys[:limit], api_keys[limit - 1].id if len(api_keys) > limit else None)

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        """All invitations, newest first."""
        query = "SELECT document FROM invitations WHERE id < ? ORDER BY id DESC LIMIT ?"
        parameters = (_before(cursor), limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        invitations = tuple(decode(Invitation, document) for (document,) in found)
        return Page(invitations[:limit], invitations[limit - 1].id if len(invitations) > limit else None)

    async def find_accounts(self, limit: int, cursor: str | None = None) -> Page[Account]:
        """Accounts, by their ids."""
        if cursor is not None and not is_slug(cursor):
            raise InvalidCursorError(cursor)
        query, parameters = "SELECT document FROM accounts WHERE id > ? ORDER BY id LIMIT ?", (cursor or "", limit + 1)
        found = await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())
        accounts = tuple(decode(Account, document) for (document,) in found)
        return Page(accounts[:limit], accounts[limit - 1].id if len(accounts) > limit else None)

    async def find_personal(self, account: str, limit: int) -> Sequence[Key[Any]]:
        """What an account has left that is to go with its name."""
        found: list[Key[Any]] = []
        for kind, query in _PERSONAL.items():
            if left := limit - len(found):
                parameters: Mapping[str, str | int] = {"account": account, "limit": left}
                found += [key_for(kind, *row) for row in await self._rows(query, parameters)]
        return found

    async def _rows(self, query: str, parameters: Mapping[str, str | int]) -> list[tuple[str, ...]]:
        return await self._database.read(lambda connection: connection.execute(query, parameters).fetchall())


def has_invitation(database: Database) -> bool:
    """Whether anybody can have come in by an invitation, or can come in."""
    query = """SELECT EXISTS (SELECT 1 FROM invitations)
        OR EXISTS (SELECT 1 FROM commands WHERE account > 'invitation:' AND account < 'invitation;')"""
    return database.write_now(lambda connection: bool(connection.execute(query).fetchone()[0]))


def mark_demonstration(database: Database) -> None:
    """Note in the database that what is in it is the demonstration."""
    database.write_now(lambda connection: connection.execute("INSERT INTO instance VALUES ('demonstration', 'true')"))


def is_demonstration(database: Database) -> bool:
    """Whether the database was filled with the demonstration, and not by people."""
    query = "SELECT EXISTS (SELECT 1 FROM instance WHERE name = 'demonstration')"
    return database.write_now(lambda connection: bool(connection.execute(query).fetchone()[0]))


def _before(cursor: str | None) -> str:
    """What all ids of a page come before; they are hex, so "g" is after them all."""
    return "g" if cursor is None else parse_id(cursor)
