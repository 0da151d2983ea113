"""Accounts, commands and the ledger as rows."""

from datetime import datetime
from operator import attrgetter
from sqlite3 import Connection
from typing import Any

import msgspec

from domain.model.kernel.command import Command, answer_kinds, answer_name
from domain.model.kernel.record import Key
from domain.model.ledger.account import Account
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from functions.adapter.out.sqlite.layout.table import Table, decode, encode


def _load_command(key: Key[Command], row: tuple[Any, ...]) -> Command:
    fingerprint, kind, answer, created_at = row
    account, id_ = (str(value) for value in key.values)
    return Command(
        account, id_, fingerprint, decode(answer_kinds()[kind], answer), msgspec.convert(created_at, datetime)
    )


def _share_texts(connection: Connection, command: Command) -> None:
    """Take the long texts of a published market out of an answer: the market has them.

    Description and rules never change. Clarifications are only added to, so of them their number is kept.
    """
    answer = command.answer
    if not isinstance(answer, Listing) or answer.market.status is MarketStatus.DRAFT:
        return
    market = answer.market
    connection.execute(
        """UPDATE commands SET answer = json_set(json_remove(answer, '$[0].description', '$[0].rules'),
            '$[0].clarifications', json_array_length(answer, '$[0].clarifications'))
        WHERE account = ? AND id = ? AND EXISTS (SELECT 1 FROM markets
            WHERE slug = ? AND document ->> '$.description' = ? AND document ->> '$.rules' = ?
                AND document -> '$.clarifications' = answer -> '$[0].clarifications')""",
        (command.account, command.id, market.slug, market.description, market.rules),
    )


_ANSWER = """CASE WHEN kind = 'Listing' AND json_type(answer, '$[0].rules') IS NULL THEN (
    SELECT CASE json_type(answer, '$[0].clarifications') WHEN 'integer' THEN json_set(whole, '$[0].clarifications', (
        SELECT json_group_array(json(value)) FROM (SELECT value FROM json_each(document, '$.clarifications')
            WHERE key < answer ->> '$[0].clarifications' ORDER BY key))) ELSE whole END
    FROM (SELECT document, json_set(answer, '$[0].description', document ->> '$.description',
            '$[0].rules', document ->> '$.rules') AS whole
        FROM markets WHERE slug = answer ->> '$[0].slug')) ELSE answer END"""
"""The answer as it was given, see :func:`_share_texts`; earlier releases kept clarifications whole."""

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
        stored={"answer": _ANSWER},
        load=_load_command,
        follow=_share_texts,
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
