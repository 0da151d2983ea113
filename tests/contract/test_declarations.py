"""What records declare of themselves: stores have a place for each, and what is once stored keeps its name."""

import importlib
import json
import pkgutil
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

import domain
from domain.model.kernel.command import answer_kinds
from domain.model.kernel.record import RecordType, key_of, record_types
from domain.port.out.store import Insert
from domain.port.out.unit_of_work import Committed
from functions.adapter.out.dynamodb.balance_index import BalanceIndex
from functions.adapter.out.dynamodb.items import to_item
from functions.adapter.out.dynamodb.layout import layout_of
from functions.adapter.out.dynamodb.mailbox.mail import Lease, Mail
from functions.adapter.out.sqlite.layout import TABLES
from tests.contract.conftest import Adapter
from tests.fakes.layouts import every_layout
from tests.fakes.samples import ANNS_COMMAND, ANNS_COMMENT, RECORDS

VERSION = ("version",)
PINNED = (
    RecordType("account", ("id",), ("seq", "revision"), later_counters=frozenset({"revision"})),
    RecordType("api_key", ("account", "id"), VERSION),
    RecordType("audit_walk", (), VERSION),
    RecordType("book", ("slug",), ("version", "revision")),
    RecordType("candle", ("market", "interval", "start"), VERSION),
    RecordType("command", ("account", "id")),
    RecordType("comment", ("market", "id"), VERSION),
    RecordType("commenter", ("account",), VERSION),
    RecordType("forecasts", ("account", "market"), VERSION),
    RecordType("forgetting", ("account",), VERSION),
    RecordType("instance_secret", ("name",)),
    RecordType("invitation", ("id",), VERSION),
    RecordType("journal_entry", ("account", "seq"), in_ledger=True),
    RecordType("ledger_sum", ("name",), ("seq",)),
    RecordType("market", ("slug",), ("revision",)),
    RecordType("market_changed", ("market", "revision"), in_ledger=True),
    RecordType("position", ("account", "market"), VERSION),
    RecordType("post", ("id",)),
    RecordType("price_history", ("market",), VERSION),
    RecordType("record_fold", ("market",), VERSION),
    RecordType("result", ("market", "account"), VERSION),
    RecordType("sign_in_links", ("account",), VERSION),
    RecordType("tally", ("market", "shard"), VERSION),
    RecordType("track_record", ("account", "period", "tag"), VERSION),
    RecordType("verdict", ("market", "number")),
    RecordType("webhook", ("account", "id"), VERSION),
    RecordType("webhook_checkpoint", ("account", "webhook", "market"), VERSION),
    RecordType("webhook_delivery", ("account", "webhook", "id")),
    RecordType("webhook_list", ("account",), VERSION),
)
"""A new record gets a line here. A line changes only with its schema number, and a way to read what is stored."""
ANSWERS = (
    "ChangedAccount",
    "Comment",
    "Forecasts",
    "Forgetting",
    "JournalEntry",
    "Listing",
    "OpenedAccount",
    "Order",
    "Refusal",
)


def _declared() -> dict[type[Any], RecordType]:
    """The records of all of the domain, whether or not an adapter has heard of them."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    return {kind: each for kind, each in record_types().items() if kind.__module__.startswith("domain.")}


def test_stored_names_keys_and_counters_never_change() -> None:
    """What is stored can be found and told apart by the next release."""
    assert sorted(_declared().values(), key=lambda each: each.name) == list(PINNED)


def test_stored_names_of_answers_never_change() -> None:
    """An answer that is stored is read as what it was."""
    _declared()
    assert sorted(name for name, kind in answer_kinds().items() if kind.__module__.startswith("domain.")) == sorted(
        ANSWERS
    )


def test_every_adapter_has_a_place_for_every_record() -> None:
    """No record is declared that a store cannot keep, and the samples have one of each."""
    declared = set(_declared())
    assert set(TABLES) == declared
    of_the_adapter = {Lease, Mail, BalanceIndex}  # which no use case sees: DynamoDB's mailboxes, and an index's state
    kinds = {layout.kind for layout in every_layout()}
    assert kinds == declared | of_the_adapter
    assert {layout_of(kind).kind for kind in declared} == declared
    assert {type(record) for record in RECORDS} == declared


@pytest.mark.emulated(2)
@pytest.mark.parametrize("place", range(len(RECORDS)), ids=[type(record).__name__ for record in RECORDS])
async def test_every_record_comes_back(adapter: Adapter, place: int) -> None:
    """Each is found under its own key, equal and of its class, whether it is state or of the ledger."""
    assert await adapter.commit(*map(Insert, RECORDS[: place + 1])) == Committed()
    record = RECORDS[place]
    if _declared()[type(record)].in_ledger:
        assert record in [*await adapter.ledger.entries(), *await adapter.ledger.events()]
    else:
        found = await adapter.find(key_of(record))
        assert found == record
        assert type(found) is type(record)


READ_COMMAND = """
import json, sys
from domain.model.kernel.command import Command, recall_answer
from domain.model.kernel.errors import IdempotencyKeyReusedError
from functions.adapter.out.dynamodb.items import decode

command = decode(Command, json.load(sys.stdin))
try:
    recall_answer(command, "another request")
except IdempotencyKeyReusedError:
    print(command.answer)
"""


def test_an_answer_that_is_not_loaded() -> None:
    """A key that was used for something else is told so, also by a function that has loaded nothing of that."""
    item = json.dumps(to_item(replace(ANNS_COMMAND, answer=ANNS_COMMENT)))
    program = (sys.executable, "-c", READ_COMMAND)
    done = subprocess.run(program, input=item, capture_output=True, text=True, check=True)  # noqa: S603 - words of ours
    assert done.stdout == "UnknownAnswer(name='Comment')\n"


SHARED_PARTITIONS = (
    {"Account", "Command", "Commenter", "Forgetting", "JournalEntry", "Position", "TrackRecord"},
    {"Book", "Market", "MarketChanged", "PriceHistory", "RecordFold", "Tally", "Verdict"},
    {"Forecasts", "row of Command", "row of Comment"},
    {"SignInLinks", "row of Webhook"},
    {"Webhook", "WebhookCheckpoint", "WebhookList"},
)
"""What lies together in DynamoDB: whoever queries such a partition has to tell the kinds apart."""


def test_partitions_of_several_kinds() -> None:
    """An account and a market may have one name: no others meet in a partition then."""
    kinds: dict[str, set[str]] = {}
    for record in RECORDS:
        layout, name = layout_of(type(record)), type(record).__name__
        rows = [(f"row of {name}", row.place) for row in layout.rows(record)]
        for kind, place in [(name, layout.place(*key_of(record).values)), *rows]:
            kinds.setdefault(place.partition.replace("ann", "rain"), set()).add(kind)
    assert sorted(map(sorted, (each for each in kinds.values() if len(each) > 1))) == sorted(
        map(sorted, SHARED_PARTITIONS)
    )
