"""What an instance shows, read as strictly as the contract writes it."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta, Struct

from domain.model.admission.forgetting import Removed
from domain.model.kernel.money import Money
from domain.model.kernel.notation import parse_micros
from domain.model.trading.replay import ShownMarket, ShownOutcome
from domain.model.trading.trade import OutcomePrice, Side, Trade, trade_document

type Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,17})\.[0-9]{6}\Z")]
type SignedAmount = Annotated[str, Meta(pattern=r"^-?(0|[1-9][0-9]{0,17})\.[0-9]{6}\Z")]
type Time = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z\Z")]
type Count = Annotated[int, Meta(ge=0)]


class UnreadableDocumentError(ValueError):
    """It is not what the contract says it is; the message says where."""


class _Outcome(Struct):
    name: str
    price: Amount
    shares: Amount


class _Resolution(Struct):
    payouts: dict[str, Amount] | None


class _Market(Struct):
    slug: str
    status: str
    resolution: _Resolution | None
    outcomes: list[_Outcome]
    liquidity: Amount
    volume: Amount
    trade_count: Count
    version: Count


class _Trade(Struct):
    id: str
    market: str
    account: str
    outcome: str
    side: Side
    quantity: Amount
    amount: Amount
    prices_after: dict[str, Amount]
    version: Count
    digest: str
    created_at: Time


class _TradesPage(Struct):
    trades: list[dict[str, Any]]
    cursor: str | None


class EntryDocument(Struct, omit_defaults=True):
    """A movement of an account's money."""

    id: str
    kind: str
    amount: SignedAmount
    balance_after: Amount
    created_at: Time
    market: str | None = None
    reason: str | None = None


class Granted(NamedTuple):
    """A grant, and whether it was made before under the same key."""

    entry: EntryDocument
    replayed: bool


class _Forgotten(Struct):
    removed: Removed


class _Result(Struct):
    market: str
    points: SignedAmount


class _ResultsPage(Struct):
    results: list[_Result]
    cursor: str | None


class _JournalPage(Struct):
    journal: list[EntryDocument]
    cursor: str | None


class Page[T](Struct):
    """Some items of a list, and what to ask the next page with; None after the last."""

    items: tuple[T, ...]
    cursor: str | None


def read_market(body: bytes) -> ShownMarket:
    """What a market shows of its trading.

    Raises:
        UnreadableDocumentError: the body is no market.
    """
    market = _decode(body, _Market)
    outcomes = (
        ShownOutcome(outcome.name, parse_micros(outcome.price), parse_micros(outcome.shares))
        for outcome in market.outcomes
    )
    try:
        return ShownMarket(
            slug=market.slug,
            outcomes=tuple(outcomes),
            liquidity=parse_micros(market.liquidity),
            volume=parse_micros(market.volume),
            trade_count=market.trade_count,
            version=market.version,
            payouts=_read_payouts(market),
        )
    except (KeyError, ValueError) as error:
        raise UnreadableDocumentError(str(error)) from error


def _read_payouts(market: _Market) -> tuple[int, ...] | None:
    resolution = market.resolution
    if market.status != "RESOLVED" or resolution is None or resolution.payouts is None:
        return None
    return tuple(parse_micros(resolution.payouts[outcome.name]) for outcome in market.outcomes)


def read_points(body: bytes) -> Page[tuple[str, int]]:
    """A page of an account's results: each market's slug, and the points there in millionths.

    Raises:
        UnreadableDocumentError: the body is none.
    """
    page = _decode(body, _ResultsPage)
    return Page(tuple((each.market, _signed(each.points)) for each in page.results), page.cursor)


def _signed(amount: str) -> int:
    return -parse_micros(amount[1:]) if amount.startswith("-") else parse_micros(amount)


def read_trades(body: bytes) -> Page[Trade]:
    """A page of trades.

    Raises:
        UnreadableDocumentError: the body is none.
    """
    page = _decode(body, _TradesPage)
    return Page(tuple(map(_read_trade, page.trades)), page.cursor)


def read_journal(body: bytes) -> Page[EntryDocument]:
    """A page of an account's journal.

    Raises:
        UnreadableDocumentError: the body is none.
    """
    page = _decode(body, _JournalPage)
    return Page(tuple(page.journal), page.cursor)


def read_entry(body: bytes) -> EntryDocument:
    """One movement of an account's money.

    Raises:
        UnreadableDocumentError: the body is none.
    """
    return _decode(body, EntryDocument)


def read_forgotten(body: bytes) -> Removed:
    """How much was removed of an account.

    Raises:
        UnreadableDocumentError: the body does not say.
    """
    return _decode(body, _Forgotten).removed


def _decode[T](body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableDocumentError(str(error)) from error


def _read_trade(document: dict[str, Any]) -> Trade:
    """The trade that a document writes down; written down again it must be the same document, member for member.

    A digest is taken of the document, so nothing of it may get lost here.
    """
    try:
        shown = msgspec.convert(document, _Trade)
        trade = Trade(
            id=shown.id,
            market=shown.market,
            account=shown.account,
            outcome=shown.outcome,
            side=shown.side,
            quantity=parse_micros(shown.quantity),
            amount=Money(parse_micros(shown.amount)),
            prices_after=tuple(OutcomePrice(name, parse_micros(price)) for name, price in shown.prices_after.items()),
            version=shown.version,
            digest=shown.digest,
            created_at=datetime.fromisoformat(shown.created_at),
        )
    except ValueError as error:
        raise UnreadableDocumentError(str(error)) from error
    if trade_document(trade) != document:
        raise UnreadableDocumentError(f"trade {shown.version} is not written as the contract says")
    return trade
