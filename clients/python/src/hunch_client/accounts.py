"""Accounts: the caller's own, those of others, and their track records."""

from collections.abc import Iterator, Sequence
from typing import Literal

from hunch_client.connection import Connection, Credits, amount, segment
from hunch_client.models import Account, JournalEntry, Me, Rank, Record, Result, Trade


class Accounts:
    """What concerns accounts; every method raises :class:`~hunch_client.HunchError` where the instance refuses."""

    _connection: Connection

    def me(self) -> Me:
        """Who the instance takes the caller for, also before the account is opened."""
        return self._connection.get("/v1/me", Me)

    def open_account(self, name: str | None = None) -> Account:
        """Open the caller's account with its starting grant; an account that is there already stays as it is."""
        body = None if name is None else {"name": name}
        return self._connection.write("POST", "/v1/accounts", Account, body)

    def rename(self, account: str, name: str) -> Account:
        """Change what people call an account."""
        return self._connection.write("PATCH", _path(account), Account, {"name": name})

    def account(self, account: str) -> Account:
        """What anybody may know of an account."""
        return self._connection.get(_path(account), Account)

    def accounts(self, accounts: Sequence[str]) -> tuple[Account, ...]:
        """Those of the accounts that exist, at most 100, in the order asked."""
        response = self._connection.send("GET", "/v1/accounts", query=[("account", account) for account in accounts])
        return self._connection.decode(response, dict[str, tuple[Account, ...]])["accounts"]

    def account_trades(self, account: str) -> Iterator[Trade]:
        """An account's trades, newest first."""
        return self._connection.pages(_path(account, "trades"), Trade)

    def record(self, account: str, period: str = "all") -> Record:
        """An account's results added up: of all time, a year such as ``2026`` or a month such as ``2026-11``."""
        return self._connection.get(_path(account, "record"), Record, period=period)

    def results(self, account: str) -> Iterator[Result]:
        """An account's results, market by market, newest first."""
        return self._connection.pages(_path(account, "results"), Result)

    def leaderboard(
        self,
        *,
        period: str | None = None,
        tag: str | None = None,
        by: Literal["points", "profit", "brier"] | None = None,
    ) -> Iterator[Rank]:
        """The accounts by what they won, best first; by points unless it says otherwise."""
        return self._connection.pages("/v1/leaderboard", Rank, period=period, tag=tag, by=by)

    def grant(self, account: str, credits_: Credits, reason: str, *, key: str | None = None) -> JournalEntry:
        """Give an account credits, as an admin."""
        body = {"amount": amount(credits_), "reason": reason}
        return self._connection.write("POST", _path(account, "grants"), JournalEntry, body, key=key)


def _path(account: str, *more: str) -> str:
    return "/".join(["/v1/accounts", *(segment(part) for part in (account, *more))])
