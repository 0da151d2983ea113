"""Finding keys and invitations over SQLite."""

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.kernel.names import is_slug
from domain.model.ledger.account import Account
from domain.port.out.paging import InvalidCursorError, Page, parse_id
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.sqlite.layout.table import decode


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
