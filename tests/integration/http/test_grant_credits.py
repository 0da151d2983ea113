"""Granting credits."""

from decimal import Decimal
from typing import Any

import pytest

from tests.integration.http.client import Api, Caller, new_key
from tests.integration.http.contract import JOURNAL_MEMBERS, answer, problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
async def admin(api: Api) -> Caller:
    """Somebody who runs the instance, with an account."""
    return await api.open_account("admin")


@pytest.mark.parametrize("amount", ["250", "0.000001", "12.5", "999999000"])
async def test_grant(admin: Caller, trader: Caller, amount: str) -> None:
    """→ 201 journal entry: the account has that much more."""
    entry = answer(await admin.grant(trader.account, amount, "Won the quiz. 🏆"), 201)
    assert entry.keys() == JOURNAL_MEMBERS | {"reason"}
    assert (entry["kind"], entry["reason"]) == ("grant", "Won the quiz. 🏆")
    assert Decimal(entry["amount"]) == Decimal(amount)
    assert Decimal(entry["balance_after"]) == 1000 + Decimal(amount) == await trader.balance()
    assert (await trader.page("/v1/portfolio/journal"))["journal"][0] == entry
    assert await admin.balance() == 1000


@pytest.mark.contract("grants")
async def test_grant_to_oneself(admin: Caller) -> None:
    """An admin's own account is an account."""
    answer(await admin.grant(admin.account, "1"), 201)
    assert await admin.balance() == 1001


BAD_AMOUNTS = [
    "0",
    "0.000000",
    "-1",
    "+1",
    "",
    " 1",
    "1 ",
    "1.",
    ".5",
    "01",
    "1e3",
    "1.0000001",
    "1" * 13,
    "\uff11",
    "NaN",
]


@pytest.mark.contract("grants")
async def test_amount_is_validated(admin: Caller, trader: Caller) -> None:
    """An amount > 0 in the grammar of decimal strings; a JSON number is a 400."""
    for amount in (*BAD_AMOUNTS, 1, 1.5, 0, None, True, ["1"]):
        problem(await admin.grant(trader.account, amount), 400, "validation-failed", ["amount"])
    assert await trader.balance() == 1000


@pytest.mark.contract("names")
@pytest.mark.parametrize("reason", ["", "r" * 201, "\x00", None, 1])
async def test_reason_is_validated(admin: Caller, trader: Caller, reason: Any) -> None:
    """`reason` 1–200."""
    problem(await admin.grant(trader.account, "1", reason), 400, "validation-failed", ["reason"])


async def test_longest_reason(admin: Caller, trader: Caller) -> None:
    """A character is a code point."""
    assert answer(await admin.grant(trader.account, "1", "🏆" * 200), 201)["reason"] == "🏆" * 200


async def test_body_is_whole(admin: Caller, trader: Caller) -> None:
    """Both members, and no other."""
    path = f"/v1/accounts/{trader.account}/grants"
    problem(await admin.post(path, {"amount": "1"}), 400, "validation-failed", ["reason"])
    problem(await admin.post(path, {"reason": "r"}), 400, "validation-failed", ["amount"])
    problem(
        await admin.post(path, {"amount": "1", "reason": "r", "account": "x"}), 400, "validation-failed", ["account"]
    )


@pytest.mark.contract("grants", "401 / 403")
async def test_admins_only(api: Api, admin: Caller, trader: Caller) -> None:
    """403 to everybody else, for themselves too; what is wrong with the body is told before."""
    other = await api.open_account()
    for caller in (trader, other):
        problem(await caller.grant(trader.account), 403, "forbidden")
    problem(await other.grant(trader.account, "0"), 400, "validation-failed", ["amount"])
    assert await trader.balance() == 1000


@pytest.mark.contract("grants", "404")
async def test_unknown_account(api: Api, admin: Caller) -> None:
    """404 account-not-found: one that was not opened, `house` and the pools, and an admin's own that is not open."""
    for account in ((await api.sign_in()).account, "nobody", "house", "market:rain", "market%3Arain", "%00", "a" * 65):
        problem(await admin.grant(account), 404, "account-not-found")
    problem(await (await api.sign_in("admin")).grant(admin.account), 404, "account-not-found")


@pytest.mark.contract("idempotency", "grants")
async def test_key_is_required(admin: Caller, trader: Caller) -> None:
    """Idempotency-Key is required on grants."""
    path, body = f"/v1/accounts/{trader.account}/grants", {"amount": "1", "reason": "r"}
    for headers in ({}, {"Idempotency-Key": ""}):
        problem(await admin.send("POST", path, body=body, headers=headers), 400, "idempotency-key-required")
    assert await trader.balance() == 1000


@pytest.mark.contract("grants", "idempotency")
async def test_replay(api: Api, admin: Caller, trader: Caller) -> None:
    """Same key, same request: granted once; another amount or another account is another request."""
    key = new_key()
    first = await admin.grant(trader.account, "5", key=key)
    answer(first, 201)
    answer(await admin.grant(trader.account, "7"), 201)
    again = await admin.grant(trader.account, "5", key=key)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    problem(await admin.grant(trader.account, "6", key=key), 422, "idempotency-key-reused")
    problem(await admin.grant(admin.account, "5", key=key), 422, "idempotency-key-reused")
    assert await trader.balance() == 1012


@pytest.mark.contract("grants", "names", "422")
async def test_balance_limit(admin: Caller, trader: Caller) -> None:
    """A balance never exceeds 10⁹ credits: 422 balance-limit-exceeded, and nothing is granted."""
    problem(await admin.grant(trader.account, "999999000.000001"), 422, "balance-limit-exceeded")
    assert await trader.balance() == 1000
    answer(await admin.grant(trader.account, "999999000"), 201)
    problem(await admin.grant(trader.account, "0.000001"), 422, "balance-limit-exceeded")
    assert (await trader.portfolio())["balance"] == "1000000000.000000"
