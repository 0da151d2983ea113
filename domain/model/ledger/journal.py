"""The ledger: append-only double-entry records of every movement of money."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.model.kernel.command import answer
from domain.model.kernel.money import Money, sum_money
from domain.model.kernel.notation import format_micros, format_time
from domain.model.kernel.record import record
from domain.model.trading.trade import Trade

HOUSE = "house"
"""The posting name of what has been issued. It is a name only: no balance is stored for it."""


def pool_of(slug: str) -> str:
    """The posting name of a market's pool."""
    return f"market:{slug}"


class EntryKind(Enum):
    """Why money moved."""

    STARTING_GRANT = "starting-grant"
    GRANT = "grant"
    SUBSIDY = "subsidy"
    BUY = "buy"
    SELL = "sell"
    PAYOUT = "payout"
    REFUND = "refund"
    SUBSIDY_RETURN = "subsidy-return"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: what a name received, negative for what it gave."""

    name: str
    amount: Money


@answer("JournalEntry")
@record("journal_entry", key=("account", "seq"), in_ledger=True)
@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One movement of one account's money. A trade is one of these.

    Args:
        account: whose money moved.
        seq: the entry's number in that account, from 1, without gaps.
        kind: why it moved.
        postings: the account's own first, then its counterpart's; they sum to zero.
        balance_after: the account's balance once it has moved.
        market: the slug it belongs to, if any.
        reason: what a person gave as the reason, if any.
        created_at: when it moved.
        trade: the trade, for a buy or a sell.
        version: the version of the market's book after it; None without a market.
        revision: the revision of the market's book after it; None without a market.
    """

    account: str
    seq: int
    kind: EntryKind
    postings: tuple[Posting, ...]
    balance_after: Money
    market: str | None
    reason: str | None
    created_at: datetime
    trade: Trade | None
    version: int | None = None
    revision: int | None = None

    def __post_init__(self) -> None:
        if sum_money(posting.amount for posting in self.postings).amount != 0:
            raise ValueError(f"the postings of entry {self.id} do not sum to zero")

    @property
    def id(self) -> str:
        """The entry's name in the whole ledger."""
        return f"{self.account}:{self.seq}"

    @property
    def amount(self) -> Money:
        """What the account received, negative for what it paid."""
        return self.postings[0].amount


def entry_document(entry: JournalEntry) -> dict[str, object]:
    """The entry as the API shows it to its account: signed amount, and no market or reason where there is none."""
    document: dict[str, object] = {
        "id": entry.id,
        "kind": entry.kind.value,
        "amount": format_micros(entry.amount.amount),
        "balance_after": format_micros(entry.balance_after.amount),
        "created_at": format_time(entry.created_at),
    }
    optional = {"market": entry.market, "reason": entry.reason}
    return document | {name: value for name, value in optional.items() if value is not None}
