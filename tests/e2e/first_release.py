"""What the first release left in its tables, and what it answered: ``data/first-release.json``.

tests/e2e/record_first_release.py has recorded it, and says how to do so again.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from functions.adapter.out.dynamodb.layout.item import Item
from functions.registry.deployed import EXPIRES_AT

type Exchange = Mapping[str, Any]
"""A request, who sent it under which key, and what it was answered."""

_RECORDED: Mapping[str, Any] = json.loads((Path(__file__).parent / "data" / "first-release.json").read_text())
EXCHANGES: list[Exchange] = _RECORDED["exchanges"]
READS = [each for each in EXCHANGES if each["method"] == "GET"]
_REMEMBERED_FOR = timedelta(days=30)
_UNREPEATABLE = ("/quotes", "/api-keys", "/invitations", "/accept")
"""What is not remembered, and secrets that are shown once."""


def core_items() -> list[Item]:
    """The items of the core table, as young as if they had been written just now: later they would have expired."""
    expires_at = {"N": str(int((datetime.now(UTC) + _REMEMBERED_FOR).timestamp()))}
    return [{**item, EXPIRES_AT: expires_at} if "N" in item.get(EXPIRES_AT, {}) else item for item in _RECORDED["core"]]


def ledger_items() -> list[Item]:
    """The items of the ledger table."""
    items: list[Item] = _RECORDED["ledger"]
    return items


def keys() -> Mapping[str, str]:
    """The bot keys of then, by their accounts: the first one of each."""
    made = (each for each in reversed(EXCHANGES) if (each["method"], each["path"]) == ("POST", "/v1/api-keys"))
    return {each["who"]: each["answer"]["key"] for each in made}


def repeatable(who: Iterable[str]) -> list[Exchange]:
    """Commands of these people that were done, one of each kind and person."""
    found: dict[tuple[str, str], Exchange] = {}
    for each in EXCHANGES:
        is_done = each["method"] == "POST" and each["status"] < 300
        if is_done and each["who"] in who and not each["path"].endswith(_UNREPEATABLE):
            found[each["who"], each["path"].rpartition("/")[2]] = each
    return list(found.values())


def balance_once_paid(account: str) -> Decimal:
    """What somebody has once hail, which was decided as NO, and wind, which was called off, are paid out."""
    portfolio = answer_of(account, "/v1/portfolio")
    held = {(line["market"], line["outcome"]): line for line in portfolio["positions"]}
    payout = Decimal(held["hail", "NO"]["quantity"]) if ("hail", "NO") in held else Decimal(0)
    refunds = sum(Decimal(line["spent"]) for (market, _), line in held.items() if market == "wind")
    return Decimal(portfolio["balance"]) + payout + refunds


def answer_of(account: str | None, path: str) -> Any:
    """What a read was answered."""
    (answer,) = (each["answer"] for each in READS if (each["who"], each["path"]) == (account, path))
    return answer
