"""The mailbox's own documents, kept for ever as those of tests/contract/golden: every release reads the ones before."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from domain.application.trading.place_order import OrderMessage
from domain.model.kernel.caller import Role
from domain.model.kernel.command import Idempotency
from domain.model.kernel.record import type_of
from domain.model.trading.order import OrderTerms, TimeInForce
from domain.model.trading.trade import Side
from functions.adapter.out.dynamodb.items import decode, to_item
from functions.adapter.out.dynamodb.mailbox.mail import Lease, Mail
from functions.adapter.out.dynamodb.mailbox.postbox import open_mail
from functions.registry.deployed import EXPIRES_AT
from tests.integration.dynamodb.mailbox import Process
from tests.integration.dynamodb.metering import item_size

GOLDEN = Path(__file__).parent / "golden"
TERMS = OrderTerms("YES", Side.BUY, spend=5, limit_price=900_000, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL)
MESSAGE = OrderMessage("f9e8d7c6-b5a4-4392-8176-504f3e2d1c0b", (Role.ADMIN,), "rain", TERMS, Idempotency("k", "f" * 64))
PLAIN = {
    "account": MESSAGE.account,
    "roles": ["admin"],
    "slug": "rain",
    "terms": {
        "outcome": "YES",
        "side": "buy",
        "quantity": None,
        "spend": 5,
        "limit_price": 900_000,
        "time_in_force": "immediate_or_cancel",
        "version": None,
    },
    "idempotency": {"key": "k", "fingerprint": "f" * 64},
}
MAIL = Mail("rain", "01795435200123456#91cf276a3#1f", 1_795_435_205_123, PLAIN)
LEASE = Lease("rain", 2**52 + 1, 1_795_435_201_623, 1_795_435_202_123)


@pytest.mark.parametrize("record", [MAIL, LEASE], ids=["mail", "lease"])
def test_what_was_written_is_read(record: Mail | Lease) -> None:
    """The document of the present schema number is what is written and what is read."""
    declared = type_of(type(record))
    document = json.loads((GOLDEN / f"{declared.name}-{declared.schema}.json").read_text())
    assert to_item(record) == document
    assert decode(type(record), document) == record


async def test_a_message_survives_the_mailbox() -> None:
    """What is sent is what the leader opens, and takes one write unit."""
    process = Process()
    mail = await process.postbox.send("rain", "91cf276a3" * 3, MESSAGE)
    (found,) = await process.postbox.find_waiting("rain", 5)
    assert found == replace(mail, message=found.message)
    assert open_mail(found, OrderMessage) == MESSAGE
    assert item_size(to_item(mail)) < 1024


def test_what_nobody_finds_goes_by_itself() -> None:
    """A day after its deadline mail may be deleted; a lease never, since the next leader takes its place."""
    assert to_item(MAIL)[EXPIRES_AT] == {"N": str(1_795_435_205 + 86_400)}
    assert EXPIRES_AT not in to_item(LEASE)
    assert to_item(replace(MAIL, deadline=1_999))[EXPIRES_AT] == {"N": str(1 + 86_400)}
