"""Accounts, commands and the ledger as items."""

from datetime import UTC, datetime, timedelta

import msgspec

from domain.model.kernel.command import Command, UnknownAnswer, answer_kinds, answer_name
from domain.model.ledger.account import Account, ChangedAccount, OpenedAccount
from domain.model.ledger.audit import AuditWalk, LedgerSum
from domain.model.ledger.journal import JournalEntry
from domain.model.trading.book import Listing
from domain.model.trading.market import MarketStatus
from domain.model.trading.order import Order
from functions.adapter.out.dynamodb.layout.item import Fields, ItemKey, Layout, Row, personal_place
from functions.adapter.out.dynamodb.layout.trading import HOLDS, PORTFOLIO_PREFIX
from functions.registry.deployed import BALANCES, EXPIRES_AT

COMMAND_LIFE = timedelta(days=30)


def entry_place(account: str, seq: int) -> ItemKey:
    """Where an account's entry of that number is in the ledger table."""
    return ItemKey(f"A#{account}", f"E#{seq:019d}")


def _command_indexes(command: Command) -> Fields:
    """An order's command stays: it is where the order is read."""
    return {
        "answer_kind": answer_name(type(command.answer)),
        EXPIRES_AT: None if isinstance(command.answer, Order) else _expiry(command),
    }


def _expiry(command: Command) -> int:
    return int((command.created_at + COMMAND_LIFE).astimezone(UTC).timestamp())


def _personal_rows(command: Command) -> tuple[Row, ...]:
    """Among what a person has left, where the answer shows a name or a draft; one to a comment is without its text."""
    match command.answer:
        case OpenedAccount(account) | ChangedAccount(account):
            person = account.id
        case Listing(market) if market.status is MarketStatus.DRAFT:
            person = market.creator
        case _:
            return ()
    place = personal_place(person, f"K#{command.account}#{command.id}")
    return (Row(place, (("account", command.account), ("command", command.id)), _expiry(command)),)


def _load_command(fields: Fields) -> Command:
    name = str(fields["answer_kind"])
    kind = answer_kinds().get(name)
    return Command(
        account=str(fields["account"]),
        id=str(fields["id"]),
        fingerprint=str(fields["fingerprint"]),
        answer=msgspec.convert(fields["answer"], kind) if kind else UnknownAnswer(name),
        created_at=datetime.fromisoformat(str(fields["created_at"])),
    )


def _trade_index(entry: JournalEntry) -> Fields:
    return {"trades_of": entry.trade.market, "trade_version": entry.trade.version} if entry.trade else {}


LAYOUTS = (
    Layout(
        Account,
        lambda id_: ItemKey(f"A#{id_}", PORTFOLIO_PREFIX),
        lambda _: {BALANCES.partition: HOLDS[PORTFOLIO_PREFIX]},
    ),
    Layout(
        Command,
        lambda account, id_: ItemKey(f"A#{account}", f"K#{id_}"),
        _command_indexes,
        _load_command,
        _personal_rows,
    ),
    Layout(JournalEntry, entry_place, _trade_index),
    Layout(LedgerSum, lambda name: ItemKey(f"L#{name}", "SUM")),
    Layout(AuditWalk, lambda: ItemKey("AUDIT", "WALK")),
)
