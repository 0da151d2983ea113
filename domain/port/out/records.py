"""The stored records, read consistently by key and written by conditional writes: every use case's transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from domain.event.market_events import MarketChanged
from domain.model.admission.api_key import ApiKey
from domain.model.admission.instance import InstanceSecret
from domain.model.admission.invitation import Invitation
from domain.model.history.candle import Candle, Interval, PriceHistory
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.command import Command
from domain.model.ledger.journal import JournalEntry
from domain.model.settlement.settlement import Tally
from domain.model.trading.book import Book
from domain.model.trading.market import Market
from domain.model.trading.position import Position

type State = (
    Market | Book | Account | Position | Tally | Candle | PriceHistory | LedgerSum | AuditWalk | ApiKey | Invitation
)
"""Records that change: each carries counters, and a write is conditional on what they were when it was read."""

type Record = State | Command | JournalEntry | MarketChanged | InstanceSecret
"""Everything that is stored. The last four are written once."""

type Removable = Position | ApiKey | Invitation
"""Records that may go."""


class Key[R]:
    """What names one stored record of type R."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class MarketKey(Key[Market]):
    """Names a market."""

    slug: str


@dataclass(frozen=True, slots=True)
class BookKey(Key[Book]):
    """Names a market's book; a draft has none."""

    slug: str


@dataclass(frozen=True, slots=True)
class AccountKey(Key[Account]):
    """Names an account."""

    account: str


@dataclass(frozen=True, slots=True)
class PositionKey(Key[Position]):
    """Names an account's position in a market."""

    account: str
    market: str


@dataclass(frozen=True, slots=True)
class CommandKey(Key[Command]):
    """Names a command of an account."""

    account: str
    id: str


@dataclass(frozen=True, slots=True)
class TallyKey(Key[Tally]):
    """Names the tally of one shard of a market's settlement."""

    market: str
    shard: int


@dataclass(frozen=True, slots=True)
class CandleKey(Key[Candle]):
    """Names a candle of a market."""

    market: str
    interval: Interval
    start: datetime


@dataclass(frozen=True, slots=True)
class PriceHistoryKey(Key[PriceHistory]):
    """Names what tells how far a market's trades are folded into candles."""

    market: str


@dataclass(frozen=True, slots=True)
class LedgerSumKey(Key[LedgerSum]):
    """Names what the ledger adds up to for a posting name."""

    name: str


@dataclass(frozen=True, slots=True)
class ApiKeyKey(Key[ApiKey]):
    """Names a bot key of an account."""

    account: str
    id: str


@dataclass(frozen=True, slots=True)
class InvitationKey(Key[Invitation]):
    """Names an invitation."""

    id: str


@dataclass(frozen=True, slots=True)
class SecretKey(Key[InstanceSecret]):
    """Names a secret of the instance."""

    name: str


@dataclass(frozen=True, slots=True)
class AuditWalkKey(Key[AuditWalk]):
    """Names the one walk of the audit."""


type AnyKey = (
    MarketKey
    | BookKey
    | AccountKey
    | PositionKey
    | CommandKey
    | TallyKey
    | CandleKey
    | PriceHistoryKey
    | LedgerSumKey
    | AuditWalkKey
    | ApiKeyKey
    | InvitationKey
    | SecretKey
)


KEYS: Mapping[type[State] | type[Command] | type[InstanceSecret], Callable[[Any], AnyKey]] = {
    Market: lambda market: MarketKey(market.slug),
    Book: lambda book: BookKey(book.slug),
    Account: lambda account: AccountKey(account.id),
    Position: lambda position: PositionKey(position.account, position.market),
    Command: lambda command: CommandKey(command.account, command.id),
    Tally: lambda tally: TallyKey(tally.market, tally.shard),
    Candle: lambda candle: CandleKey(candle.market, candle.interval, candle.start),
    PriceHistory: lambda history: PriceHistoryKey(history.market),
    LedgerSum: lambda sum_: LedgerSumKey(sum_.name),
    AuditWalk: lambda _: AuditWalkKey(),
    ApiKey: lambda api_key: ApiKeyKey(api_key.account, api_key.id),
    Invitation: lambda invitation: InvitationKey(invitation.id),
    InstanceSecret: lambda secret: SecretKey(secret.name),
}
"""What names each kind of record. Entries and lifecycle records are not read by key."""

COUNTERS: Mapping[type[State], tuple[str, ...]] = {
    Market: ("revision",),
    Book: ("version", "revision"),
    Account: ("seq",),
    Position: ("version",),
    Tally: ("version",),
    Candle: ("version",),
    PriceHistory: ("version",),
    LedgerSum: ("seq",),
    AuditWalk: ("version",),
    ApiKey: ("version",),
    Invitation: ("version",),
}
"""By what one sees that a stored record is still the one that was read."""


def counters_of(read: State) -> Mapping[str, int]:
    """The counters of a record as it was read, by their names."""
    return {name: getattr(read, name) for name in COUNTERS[type(read)]}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was found in one read."""

    found: Mapping[AnyKey, Record]

    def get[R](self, key: Key[R]) -> R | None:
        """The record of that key; None when nothing is stored under it."""
        return cast("R | None", self.found.get(cast("AnyKey", key)))


@dataclass(frozen=True, slots=True)
class Insert:
    """Store a record; nothing may be stored under its key."""

    record: Record


@dataclass(frozen=True, slots=True)
class Replace[S: State]:
    """Store a record in the place of the one that was read; that one must still be there, unchanged.

    Unchanged means: with the same COUNTERS. As a revision fixes status and closing time, and no trade is priced on a
    book that is not open, "still ACTIVE" and "closes later than now" need no conditions of their own.
    """

    record: S
    read: S


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a record that was read; it must still be there, unchanged."""

    read: Removable


type Write = (
    Insert
    | Replace[Market]
    | Replace[Book]
    | Replace[Account]
    | Replace[Position]
    | Replace[Tally]
    | Replace[Candle]
    | Replace[PriceHistory]
    | Replace[LedgerSum]
    | Replace[AuditWalk]
    | Replace[ApiKey]
    | Replace[Invitation]
    | Remove
)


@dataclass(frozen=True, slots=True)
class Committed:
    """Every write was done, durably."""


@dataclass(frozen=True, slots=True)
class ConditionFailed:
    """No write was done: these did not find what they expect, or met another transaction."""

    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """All writes were done or none, and it is not known which: the answer was lost."""


type CommitOutcome = Committed | ConditionFailed | OutcomeUnknown


class RecordReader(Protocol):
    """Reads records by key, in one round trip."""

    async def read(self, *keys: AnyKey) -> Snapshot:
        """Find up to 100 records. Each is as the last acknowledged write left it."""
        ...


class UnitOfWork(Protocol):
    """Writes records, all or none."""

    async def commit(self, writes: Sequence[Write]) -> CommitOutcome:
        """Do up to 100 conditional writes as one durable transaction; a market being published counts once more a tag.

        The three outcomes are all there is: a failure that leaves no doubt that nothing was written and that is not
        about conditions (a full disk, a missing permission) is raised as the adapter's own exception.
        """
        ...
