from domain.model.kernel.money import MICROS, ZERO, Money
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.journal import HOUSE, EntryKind, entry_document, pool_of
from tests.unit.model.builders import NOW

ANN = Account("ann", Money(5 * MICROS), seq=7, markets_held=0, created_at=NOW)


def test_a_document_has_what_its_account_is_shown() -> None:
    """Amounts are signed decimal strings; a market and a reason are there where there is one, and not as null."""
    grant = move_money(ANN, EntryKind.GRANT, Money(250_001), HOUSE, NOW, reason="Won the quiz.").entry
    assert entry_document(grant) == {
        "id": "ann:8",
        "kind": "grant",
        "amount": "0.250001",
        "balance_after": "5.250001",
        "reason": "Won the quiz.",
        "created_at": "2026-11-05T12:30:00.250000Z",
    }
    subsidy = move_money(ANN, EntryKind.SUBSIDY, Money(-5 * MICROS), pool_of("rain"), NOW, market="rain").entry
    assert entry_document(subsidy) == {
        "id": "ann:8",
        "kind": "subsidy",
        "amount": "-5.000000",
        "balance_after": "0.000000",
        "market": "rain",
        "created_at": "2026-11-05T12:30:00.250000Z",
    }
    nothing = move_money(ANN, EntryKind.PAYOUT, ZERO, pool_of("rain"), NOW, market="rain").entry
    assert entry_document(nothing)["amount"] == "0.000000"
