"""An instance on this machine: the very use cases over its database file, called one after the other."""

import asyncio
import hashlib
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any, Self

import click
import msgspec

from domain.application.ledger.grant_credits import GrantCreditsRequest
from domain.application.ledger.list_journal import ListJournalRequest
from domain.application.trading.get_market import GetMarketRequest
from domain.application.trading.list_trades import ListTradesRequest
from domain.model.admission.forgetting import Forgetting, Removed
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import Money
from domain.model.kernel.notation import canonical_json
from domain.model.kernel.record import key_for
from domain.model.ledger.journal import JournalEntry, entry_document
from domain.model.record.result import Result
from domain.model.trading.replay import ShownMarket, shown_market
from domain.model.trading.trade import Trade
from functions.adapter.out.client.documents import EntryDocument, Granted
from functions.adapter.out.sqlite.database import Database
from functions.adapter.out.system.clock import SystemClock, SystemRandom
from functions.config.ports import Ports
from functions.config.settings import Settings
from functions.config.sqlite import sqlite_persistence
from functions.config.use_cases import UseCases

PAGE = 500


class LocalInstance:
    """An instance over an open database. It closes its event loop, and the caller the database.

    Args:
        database: the open database.
        account: whose journal is read; None where none is.
    """

    def __init__(self, database: Database, account: str | None = None) -> None:
        self._use_cases = UseCases(Ports(sqlite_persistence(database), SystemClock(), SystemRandom(), Settings()))
        self._account = account
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)  # and no loop for the whole process

    def get_market(self, slug: str) -> ShownMarket:
        """What a market shows of its trading."""
        return shown_market(self._run(self._use_cases.get_market.execute(GetMarketRequest(slug))).listing)

    def list_trades(self, slug: str) -> Iterator[Sequence[Trade]]:
        """A market's trades page by page, the latest first."""
        cursor: str | None = None
        while True:
            page = self._run(self._use_cases.list_trades.execute(ListTradesRequest(slug, PAGE, cursor))).page
            yield page.items
            if (cursor := page.cursor) is None:
                return

    def find_points(self, account: str, slug: str) -> int | None:
        """An account's points on a market, in millionths; None where it has no result there."""
        key = key_for(Result, slug, account)
        result = self._run(self._use_cases.ports.store.read(key)).get(key)
        return result.points if result else None

    def list_journal(self) -> Iterator[Sequence[EntryDocument]]:
        """The movements of the account's money page by page, the latest first."""
        if self._account is None:
            raise click.UsageError("Say whose journal with --account.")
        caller, cursor = Caller(self._account), None
        while True:
            page = self._run(self._use_cases.list_journal.execute(ListJournalRequest(caller, PAGE, cursor))).page
            yield [_document(entry) for entry in page.items]
            if (cursor := page.cursor) is None:
                return

    def grant_credits(self, account: str, amount: int, reason: str, key: str) -> Granted:
        """Grant an account micro-credits, once for each key.

        Whoever may write the file runs the instance. The grant is remembered with the account that receives, under a
        key with a blank in it, which no request of the account's own can have.
        """
        caller = Caller(account, frozenset({Role.ADMIN}))
        asked = canonical_json({"account": account, "amount": amount, "reason": reason})
        idempotency = Idempotency(f"hunch grant {key}", hashlib.sha256(asked.encode()).hexdigest())
        request = GrantCreditsRequest(caller, account, Money(amount), reason, idempotency)
        result = self._run(self._use_cases.grant_credits.execute(request))
        return Granted(_document(result.entry), result.replayed)

    def forget_account(self, account: str, key: str) -> Removed:  # noqa: ARG002 - the file's owner needs no key
        """Forget an account, and say what was removed: whoever may write the file runs the instance."""
        forgetting: Forgetting = self._run(self._use_cases.forget_account.forget(account))
        return forgetting.removed

    def close(self) -> None:
        """Close the event loop."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run[R](self, request: Coroutine[Any, Any, R]) -> R:
        return self._runner.run(request)


def _document(entry: JournalEntry) -> EntryDocument:
    return msgspec.convert(entry_document(entry), EntryDocument)
