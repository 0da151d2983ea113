import hashlib

import pytest

from domain.model.kernel.command import Command, command_id, recall_answer
from domain.model.kernel.errors import (
    DomainError,
    ErrorCategory,
    HiddenCharactersError,
    IdempotencyKeyReusedError,
    LateExpiryError,
    PastExpiryError,
    RememberedRefusalError,
    UnknownOutcomeError,
)
from domain.model.kernel.money import MICROS, Money
from domain.model.ledger.account import OpenedAccount, open_account
from tests.unit.model.builders import NOW


def opened() -> OpenedAccount:
    """An answer worth remembering."""
    return OpenedAccount(open_account("alice", Money(1000 * MICROS), NOW).account, created=True)


def test_command_id_is_a_hash_of_account_and_key() -> None:
    """The id is 32 hex digits of SHA-256 over the account, a newline and the key: the same on every machine."""
    assert command_id("alice", "key 1") == hashlib.sha256(b"alice\nkey 1").hexdigest()[:32]


def test_command_ids_do_not_collide_across_accounts() -> None:
    """A key belongs to its account, and no account can spell another one's command."""
    pairs = [("alice", "1"), ("alice", "2"), ("bob", "1"), ("alic", "e1"), ("alice1", "")]
    assert len({command_id(account, key) for account, key in pairs}) == len(pairs)


def test_repeating_a_request_recalls_its_answer() -> None:
    """The same request under the same key gets the very answer it got."""
    answer = opened()
    command = Command("alice", command_id("alice", "k"), "fingerprint", answer, NOW)
    assert recall_answer(command, "fingerprint") is answer


def test_another_request_under_the_key_is_refused() -> None:
    """A key that was used for something else is a mistake of the caller, never answered with the old answer."""
    command = Command("alice", command_id("alice", "k"), "fingerprint", opened(), NOW)
    with pytest.raises(IdempotencyKeyReusedError) as refusal:
        recall_answer(command, "another")
    assert (refusal.value.code, refusal.value.category) == ("idempotency-key-reused", ErrorCategory.UNPROCESSABLE)
    assert str(refusal.value)


def _refusals(kind: type[DomainError]) -> list[type[DomainError]]:
    shared = {RememberedRefusalError, PastExpiryError, LateExpiryError, HiddenCharactersError, UnknownOutcomeError}
    own = [child for child in kind.__subclasses__() if child not in shared]
    return [found for child in own for found in (child, *_refusals(child))]


def test_codes_are_stable() -> None:
    """Clients branch on the codes: these are all, each with its category; only errors that name a field share one."""
    expected = {
        "validation-failed": ErrorCategory.INVALID,
        "unauthenticated": ErrorCategory.UNAUTHENTICATED,
        "forbidden": ErrorCategory.FORBIDDEN,
        "not-found": ErrorCategory.NOT_FOUND,
        "market-not-found": ErrorCategory.NOT_FOUND,
        "account-not-found": ErrorCategory.NOT_FOUND,
        "order-not-found": ErrorCategory.NOT_FOUND,
        "slug-taken": ErrorCategory.CONFLICT,
        "already-published": ErrorCategory.CONFLICT,
        "market-not-open": ErrorCategory.CONFLICT,
        "already-resolved": ErrorCategory.CONFLICT,
        "price-limit-exceeded": ErrorCategory.CONFLICT,
        "invalid-market": ErrorCategory.UNPROCESSABLE,
        "invalid-order": ErrorCategory.UNPROCESSABLE,
        "invalid-resolution": ErrorCategory.UNPROCESSABLE,
        "insufficient-funds": ErrorCategory.UNPROCESSABLE,
        "insufficient-shares": ErrorCategory.UNPROCESSABLE,
        "balance-limit-exceeded": ErrorCategory.UNPROCESSABLE,
        "limit-exceeded": ErrorCategory.UNPROCESSABLE,
        "webhook-not-found": ErrorCategory.NOT_FOUND,
        "invalid-webhook": ErrorCategory.UNPROCESSABLE,
        "idempotency-key-reused": ErrorCategory.UNPROCESSABLE,
        "comment-not-found": ErrorCategory.NOT_FOUND,
        "contention": ErrorCategory.CONTENTION,
        "degraded": ErrorCategory.CONTENTION,
        "too-many-requests": ErrorCategory.TOO_MANY,
    }
    model = [kind for kind in _refusals(DomainError) if kind.__module__ == "domain.model.kernel.errors"]
    assert sorted(kind.code for kind in model) == sorted(expected)
    assert {kind.code: kind.category for kind in model} == expected
    assert all(kind.title for kind in model)
