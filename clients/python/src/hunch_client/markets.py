"""Markets: find them, read them, make, run and resolve them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, TypedDict, Unpack

from hunch_client.connection import Connection, Credits, amount, segment
from hunch_client.models import Candle, Comment, Holder, Market, MarketStatus, Trade

type Interval = Literal["1m", "1h", "1d"]


class DraftChanges(TypedDict, total=False):
    """What may change in a draft: the arguments of :meth:`Markets.create_market`."""

    name: str
    description: str
    rules: str
    outcomes: Sequence[str]
    liquidity: Credits
    closes_at: datetime | None
    tags: Sequence[str]


class Markets:
    """What concerns markets; every method raises :class:`~hunch_client.HunchError` where the instance refuses."""

    _connection: Connection

    def markets(
        self,
        *,
        status: MarketStatus | None = None,
        tag: str | None = None,
        creator: str | None = None,
        q: str | None = None,
        order: Literal["closing"] | None = None,
    ) -> Iterator[Market]:
        """The markets, newest first: by status, and by one of tag, creator or the words of ``q``."""
        return self._connection.pages("/v1/markets", Market, status=status, tag=tag, creator=creator, q=q, order=order)

    def market(self, slug: str) -> Market:
        """A market."""
        return self._connection.get(_path(slug), Market)

    def trades(self, slug: str) -> Iterator[Trade]:
        """A market's trades, newest first."""
        return self._connection.pages(_path(slug, "trades"), Trade)

    def holders(self, slug: str) -> Iterator[Holder]:
        """Who holds shares of a market, in no order."""
        return self._connection.pages(_path(slug, "holders"), Holder)

    def prices(self, slug: str, interval: Interval, since: datetime, until: datetime) -> tuple[Candle, ...]:
        """A market's price history, oldest first: at most 1 000 intervals with ``since`` ≤ time < ``until``."""
        times = {"from": since.isoformat(), "to": until.isoformat()}
        answer = self._connection.get(_path(slug, "prices"), dict[str, tuple[Candle, ...]], interval=interval, **times)
        return answer["prices"]

    def create_market(
        self,
        slug: str,
        name: str,
        *,
        description: str = "",
        rules: str = "",
        outcomes: Sequence[str] = ("YES", "NO"),
        liquidity: Credits = 100,
        closes_at: datetime | None = None,
        tags: Sequence[str] = (),
        key: str | None = None,
    ) -> Market:
        """Draft a market, which nobody else sees until it is published."""
        body = {
            "slug": slug,
            "name": name,
            "description": description,
            "rules": rules,
            "outcomes": outcomes,
            "liquidity": amount(liquidity),
            "closes_at": closes_at,
            "tags": tags,
        }
        return self._connection.write("POST", "/v1/markets", Market, body, key=key)

    def edit_market(self, slug: str, **changes: Unpack[DraftChanges]) -> Market:
        """Change a draft: the arguments of :meth:`create_market`, those that change alone."""
        body: dict[str, object] = {**changes}
        if "liquidity" in changes:
            body["liquidity"] = amount(changes["liquidity"])
        return self._connection.write("PATCH", _path(slug), Market, body)

    def delete_draft(self, slug: str) -> None:
        """Throw a draft away; its slug is free again."""
        self._connection.delete(_path(slug))

    def publish_market(self, slug: str, *, key: str | None = None) -> Market:
        """Pay the subsidy and open a draft for trading."""
        return self._post(slug, "publish", key=key)

    def clarify_market(self, slug: str, text: str, *, key: str | None = None) -> Market:
        """Add to the rules of a published market."""
        return self._post(slug, "clarifications", {"text": text}, key=key)

    def close_market(self, slug: str, *, key: str | None = None) -> Market:
        """Take no more orders."""
        return self._post(slug, "close", key=key)

    def reopen_market(self, slug: str, closes_at: datetime | None = None, *, key: str | None = None) -> Market:
        """Take orders again."""
        return self._post(slug, "reopen", {"closes_at": closes_at}, key=key)

    def resolve_market(
        self, slug: str, outcome: str | Mapping[str, Credits], *, reason: str | None = None, key: str | None = None
    ) -> Market:
        """Decide: one outcome, or payouts for each that add up to 1. The market is SETTLING until all is paid."""
        decision: dict[str, object] = (
            {"outcome": outcome}
            if isinstance(outcome, str)
            else {"payouts": {name: amount(payout) for name, payout in outcome.items()}}
        )
        return self._post(slug, "resolve", decision if reason is None else decision | {"reason": reason}, key=key)

    def withdraw_resolution(self, slug: str, *, key: str | None = None) -> Market:
        """Take a decision back before anything is paid."""
        return self._post(slug, "withdraw-resolution", key=key)

    def void_market(self, slug: str, reason: str, *, key: str | None = None) -> Market:
        """Call a market off, and refund it."""
        return self._post(slug, "void", {"reason": reason}, key=key)

    def comments(self, slug: str) -> Iterator[Comment]:
        """What people say about a market, newest first."""
        return self._connection.pages(_path(slug, "comments"), Comment)

    def comment(self, slug: str, text: str, *, key: str | None = None) -> Comment:
        """Say something about a market."""
        return self._connection.write("POST", _path(slug, "comments"), Comment, {"text": text}, key=key)

    def delete_comment(self, slug: str, comment_id: str) -> None:
        """Take a comment away."""
        self._connection.delete(_path(slug, "comments", comment_id))

    def _post(self, slug: str, what: str, body: object = None, *, key: str | None) -> Market:
        return self._connection.write("POST", _path(slug, what), Market, body, key=key)


def _path(slug: str, *more: str) -> str:
    return "/".join(["/v1/markets", *(segment(part) for part in (slug, *more))])
