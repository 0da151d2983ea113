"""Accounts, commands and the ledger as items."""

from datetime import UTC, datetime, timedelta

import msgspec

import domain.model.discussion.comment
import domain.model.metaculus.forecast  # noqa: F401 - as above
from domain.model.kernel.command import Command, answer_kinds, answer_name
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.order import Order
from functions.adapter.out.dynamodb.layout.item import EXPIRES_AT, Fields, ItemKey, Layout
from functions.adapter.out.dynamodb.layout.trading import PORTFOLIO_PREFIX

COMMAND_LIFE = timedelta(days=30)


def entry_place(account: str, seq: int) -> ItemKey:
    """Where an account's entry of that number is in the ledger table."""
    return ItemKey(f"A#{account}", f"E#{seq:019d}")


def _command_indexes(command: Command) -> Fields:
    """An order's command stays: it is where the order is read."""
    expires_at = int((command.created_at + COMMAND_LIFE).astimezone(UTC).timestamp())
    return {
        "answer_kind": answer_name(type(command.answer)),
        EXPIRES_AT: None if isinstance(command.answer, Order) else expires_at,
    }


def _load_command(fields: Fields) -> Command:
    return Command(
        account=str(fields["account"]),
        id=str(fields["id"]),
        fingerprint=str(fields["fingerprint"]),
        answer=msgspec.convert(fields["answer"], answer_kinds()[str(fields["answer_kind"])]),
        created_at=datetime.fromisoformat(str(fields["created_at"])),
    )


def _trade_index(entry: JournalEntry) -> Fields:
    return {"trades_of": entry.trade.market, "trade_version": entry.trade.version} if entry.trade else {}


LAYOUTS = (
    Layout(Account, lambda id_: ItemKey(f"A#{id_}", PORTFOLIO_PREFIX)),
    Layout(Command, lambda account, id_: ItemKey(f"A#{account}", f"K#{id_}"), _command_indexes, _load_command),
    Layout(JournalEntry, entry_place, _trade_index),
    Layout(LedgerSum, lambda name: ItemKey(f"L#{name}", "SUM")),
    Layout(AuditWalk, lambda: ItemKey("AUDIT", "WALK")),
)
