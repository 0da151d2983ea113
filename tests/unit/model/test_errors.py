import pytest

from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import (
    AccountNotFoundError,
    ContentionError,
    DomainError,
    MarketNotFoundError,
    OrderNotFoundError,
    SlugTakenError,
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MarketNotFoundError("rain"), "market-not-found"),
        (AccountNotFoundError("rain"), "account-not-found"),
        (OrderNotFoundError("rain"), "order-not-found"),
        (SlugTakenError("rain"), "slug-taken"),
    ],
)
def test_refusals_name_what_they_are_about(error: DomainError, code: str) -> None:
    """A refusal says which thing it means, and carries its code."""
    assert "'rain'" in str(error)
    assert error.code == code


def test_contention_says_when_to_come_back() -> None:
    """A write that met others tells the client to repeat it, soon and with the same key."""
    assert ContentionError.retry_after_seconds > 0
    assert "Idempotency-Key" in str(ContentionError())


def test_only_admins_are_admins() -> None:
    """A caller runs the instance only with the admin role: none, or a creator's, is not enough."""
    assert Caller("alice", frozenset({Role.ADMIN})).is_admin
    assert not Caller("alice", frozenset({Role.CREATOR})).is_admin
    assert not Caller("alice").is_admin
