"""Accounts, commands and the ledger as rows."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from domain.model.kernel.command import Command, answer_kinds, answer_name
from domain.model.kernel.record import Key
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import JournalEntry
from functions.adapter.out.sqlite.layout.table import Table, decode, encode


def _load_command(key: Key[Command], row: tuple[Any, ...]) -> Command:
    fingerprint, kind, answer, created_at = row
    account, id_ = (str(value) for value in key.values)
    return Command(account, id_, fingerprint, decode(answer_kinds()[kind], answer), datetime.fromisoformat(created_at))


TABLES = (
    Table(Account, "accounts", ("id",), {"balance": attrgetter("balance")}),
    Table(
        Command,
        "commands",
        ("account", "id"),
        content={
            "fingerprint": attrgetter("fingerprint"),
            "kind": lambda command: answer_name(type(command.answer)),
            "answer": lambda command: encode(command.answer),
            "created_at": attrgetter("created_at"),
        },
        load=_load_command,
    ),
    Table(
        JournalEntry,
        "journal",
        ("account", "seq"),
        {
            "counterparty": lambda entry: entry.postings[1].name,
            "amount": attrgetter("amount"),
            "market": attrgetter("market"),
            "trade_version": lambda entry: entry.trade and entry.trade.version,
            "revision": attrgetter("revision"),
        },
    ),
    Table(LedgerSum, "ledger_sums", ("name",)),
    Table(AuditWalk, "audit_walk", ()),
)
