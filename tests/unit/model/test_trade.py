import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from domain.model.kernel.money import MICROS, Money
from domain.model.kernel.notation import canonical_json
from domain.model.trading.trade import (
    NO_TRADE_DIGEST,
    OutcomePrice,
    Side,
    Trade,
    seal_trade,
    trade_digest,
    trade_document,
)
from tests.unit.model.builders import active_book, buy, sell, trade_on

TRADE = Trade(
    id="0123456789abcdef0123456789abcdef",
    market="rain",
    account="alice",
    outcome="Ja, größer",
    side=Side.BUY,
    quantity=10 * MICROS,
    amount=Money(5_124_948),
    prices_after=(OutcomePrice("Ja, größer", 524_979), OutcomePrice("日本🎌", 475_021)),
    version=1,
    digest="",
    created_at=datetime(2026, 11, 5, 12, 30, 0, 250_000, tzinfo=UTC),
)
CANONICAL = (
    r'{"account":"alice","amount":"5.124948","created_at":"2026-11-05T12:30:00.250000Z",'
    r'"id":"0123456789abcdef0123456789abcdef","market":"rain","outcome":"Ja, gr\u00f6\u00dfer",'
    r'"prices_after":{"Ja, gr\u00f6\u00dfer":"0.524979","\u65e5\u672c\ud83c\udf8c":"0.475021"},'
    r'"quantity":"10.000000","side":"buy","version":1}'
)


def test_digest_of_a_first_trade() -> None:
    """The digest is SHA-256 of 64 zeros, a newline and the canonical JSON without the digest, in lower-case hex."""
    expected = hashlib.sha256(b"0" * 64 + b"\n" + CANONICAL.encode("ascii")).hexdigest()
    assert trade_digest(NO_TRADE_DIGEST, TRADE) == expected
    assert seal_trade(NO_TRADE_DIGEST, TRADE) == replace(TRADE, digest=expected)


def test_digest_of_a_next_trade() -> None:
    """The next digest is taken over the one before it, and not over what the trade carried as its own."""
    previous = hashlib.sha256(b"the trade before").hexdigest()
    expected = hashlib.sha256(previous.encode() + b"\n" + CANONICAL.encode("ascii")).hexdigest()
    assert trade_digest(previous, TRADE) == expected
    assert trade_digest(previous, replace(TRADE, digest="f" * 64)) == expected


def test_document_is_what_the_api_shows() -> None:
    """The document has every member of a trade, amounts as strings and prices keyed by outcome."""
    document = trade_document(replace(TRADE, digest="d", side=Side.SELL))
    assert list(document) == [
        "id",
        "market",
        "account",
        "outcome",
        "side",
        "quantity",
        "amount",
        "prices_after",
        "version",
        "digest",
        "created_at",
    ]
    assert (document["side"], document["digest"], document["version"]) == ("sell", "d", 1)
    del document["digest"]
    assert canonical_json(document | {"side": "buy"}) == CANONICAL


@pytest.mark.parametrize(
    "forged",
    [
        replace(TRADE, id="f" * 32),
        replace(TRADE, market="snow"),
        replace(TRADE, account="mallory"),
        replace(TRADE, outcome="日本🎌"),
        replace(TRADE, side=Side.SELL),
        replace(TRADE, quantity=TRADE.quantity + 1),
        replace(TRADE, amount=Money(TRADE.amount.amount - 1)),
        replace(TRADE, prices_after=TRADE.prices_after[:1]),
        replace(TRADE, version=2),
        replace(TRADE, created_at=TRADE.created_at.replace(microsecond=250_001)),
    ],
)
def test_any_change_shows(forged: Trade) -> None:
    """No member of a trade can change without its digest changing."""
    assert trade_digest(NO_TRADE_DIGEST, forged) != trade_digest(NO_TRADE_DIGEST, TRADE)


def test_trades_of_a_book_form_a_chain() -> None:
    """Each trade of a book is sealed over the one before, from 64 zeros on, and the book keeps the last digest."""
    first = trade_on(active_book(), None, buy("YES", 10 * MICROS))
    second = trade_on(first.book, first.position, sell("YES", MICROS))
    third = trade_on(second.book, None, buy("NO", 1), "bob")
    trades = [first.trade, second.trade, third.trade]
    assert trades[0].digest == trade_digest("0" * 64, trades[0])
    for before, after in pairwise(trades):
        assert after.digest == trade_digest(before.digest, after)
    assert [trade.version for trade in trades] == [1, 2, 3]
    assert third.book.head == trades[-1].digest
