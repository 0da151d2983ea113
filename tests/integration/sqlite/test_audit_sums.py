"""The audit's sums, where all amounts together are more than 64 bits."""

from dataclasses import replace
from pathlib import Path

from domain.model.kernel.money import BALANCE_LIMIT, Money
from domain.model.ledger.account import open_account
from domain.port.out.store import Insert
from functions.adapter.out.sqlite.database import Database
from functions.config.sqlite import sqlite_persistence
from tests.fakes.clock import START


async def test_more_than_64_bits(tmp_path: Path) -> None:
    """Ten thousand accounts with the largest grant there is: the books balance, to the micro-credit."""
    opened = open_account("ann", Money(BALANCE_LIMIT.amount - 1), START)
    with Database.open(tmp_path / "hunch.db") as database:
        ports = sqlite_persistence(database)
        for first in range(0, 10_000, 50):
            names = [f"account-{number}" for number in range(first, first + 50)]
            accounts = [Insert(replace(opened.account, id=name)) for name in names]
            entries = [Insert(replace(opened.entry, account=name)) for name in names]
            await ports.unit_of_work.commit([*accounts, *entries])
        audit = await ports.audits.find_audit(START)
    assert audit.issued == audit.balances == Money(10_000 * (BALANCE_LIMIT.amount - 1))
    assert audit.balances.amount >= 2**63
    assert audit.difference == Money(0)
