"""An instance elsewhere: what the command line asks of it."""

from collections.abc import Callable, Iterator
from typing import Self

import msgspec

from domain.model.admission.forgetting import Removed
from domain.model.kernel.notation import format_micros
from domain.model.trading.replay import ShownMarket
from domain.model.trading.trade import Trade
from functions.adapter.out.client.connection import Connection, RemoteError
from functions.adapter.out.client.documents import (
    EntryDocument,
    Granted,
    Page,
    UnreadableDocumentError,
    read_entry,
    read_forgotten,
    read_journal,
    read_market,
    read_points,
    read_trades,
)

PAGE = 100
_REPLAYED = "Idempotency-Replayed"


class RemoteInstance:
    """An instance behind a connection, which :meth:`close` closes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_market(self, slug: str) -> ShownMarket:
        """What a market shows of its trading.

        Raises:
            RemoteError: there is none, or the instance does not answer.
        """
        return self._read(f"/v1/markets/{slug}", {}, read_market)

    def list_trades(self, slug: str) -> Iterator[tuple[Trade, ...]]:
        """A market's trades page by page, the latest first.

        Raises:
            RemoteError: there is no such market, or the instance does not answer.
        """
        return self._pages(f"/v1/markets/{slug}/trades", read_trades)

    def find_points(self, account: str, slug: str) -> int | None:
        """An account's points on a market, in millionths; None where it has no result there.

        Raises:
            RemoteError: there is no such account, or the instance does not answer.
        """
        pages = self._pages(f"/v1/accounts/{account}/results", read_points)
        return next((points for page in pages for market, points in page if market == slug), None)

    def list_journal(self) -> Iterator[tuple[EntryDocument, ...]]:
        """The movements of the credential's account page by page, the latest first.

        Raises:
            RemoteError: the account was not opened, or the instance does not answer.
        """
        return self._pages("/v1/portfolio/journal", read_journal)

    def grant_credits(self, account: str, amount: int, reason: str, key: str) -> Granted:
        """Grant an account micro-credits, once for each key.

        Raises:
            RemoteError: it was refused, or it is not known what became of it: the same key is safe then.
        """
        path = f"/v1/accounts/{account}/grants"
        body = msgspec.json.encode({"amount": format_micros(amount), "reason": reason})
        answer = self._connection.post(path, body, key)
        return Granted(self._parse(answer.body, path, read_entry), answer.headers.get(_REPLAYED) == "true")

    def forget_account(self, account: str, key: str) -> Removed:
        """Forget an account, and say how many were removed of what; the connection goes on where that takes several.

        Raises:
            RemoteError: it was refused, or is not finished: repeating it is safe.
        """
        path = f"/v1/people/{account}/forget"
        return self._parse(self._connection.post(path, b"{}", key).body, path, read_forgotten)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pages[T](self, path: str, parse: Callable[[bytes], Page[T]]) -> Iterator[tuple[T, ...]]:
        cursor: str | None = None
        while True:
            query = {"limit": str(PAGE)} | ({"cursor": cursor} if cursor else {})
            page = self._read(path, query, parse)
            yield page.items
            if page.cursor is None:
                return
            if page.cursor == cursor:
                raise RemoteError(f"{self._connection.url}{path} does not go on: it gives the same cursor twice.")
            cursor = page.cursor

    def _read[T](self, path: str, query: dict[str, str], parse: Callable[[bytes], T]) -> T:
        return self._parse(self._connection.get(path, query), path, parse)

    def _parse[T](self, body: bytes, path: str, parse: Callable[[bytes], T]) -> T:
        try:
            return parse(body)
        except UnreadableDocumentError as error:
            raise RemoteError(
                f"{self._connection.url}{path} answers what no instance does: {error}. Is it the right address?"
            ) from error
