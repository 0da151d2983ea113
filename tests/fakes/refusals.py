"""A refusal must change nothing: one check for every error."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.model.kernel.errors import DomainError
from tests.fakes.memory import MemoryStore
from tests.fakes.statement import assert_balanced, statement_of


@contextmanager
def refused(store: MemoryStore, error: type[DomainError]) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """Expect exactly this refusal, and not one record to differ afterwards."""
    before = store.copy()
    with pytest.raises(DomainError) as caught:
        yield caught
    assert caught.type is error
    assert store == before
    assert_balanced(statement_of(store))
