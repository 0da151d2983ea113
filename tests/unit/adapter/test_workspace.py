from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.money import Money
from domain.model.kernel.record import key_of
from domain.model.ledger.account import Account
from domain.port.out.store import Change, Insert, Remove, Replace, Snapshot
from domain.port.out.workspace import Workspace
from tests.fakes.clock import START
from tests.fakes.memory import MemoryStore

ANN = Account("ann", Money(5), 1, 0, START)
KEY = key_of(ANN)


def _next(account: Account) -> Account:
    return replace(account, seq=account.seq + 1)


@given(exists=st.booleans(), steps=st.lists(st.sampled_from(["put", "remove"]), max_size=6))
def test_merged_changes_end_where_the_decisions_did(*, exists: bool, steps: list[str]) -> None:
    """Whatever decisions do one after the other, the one write that is left takes what was read to the same end."""
    store = MemoryStore()
    if exists:
        store.put(ANN)
    workspace = Workspace(Snapshot({KEY: store.records.get(KEY)}))
    for step in steps:
        known = workspace.get(KEY)
        if known is None:
            workspace.apply([Insert(ANN)] if step == "put" else [])
        else:
            change: Change = Replace(_next(known), read=known) if step == "put" else Remove(read=known)
            workspace.apply([change])
    changes = workspace.changes()
    assert len(changes) <= 1
    if changes:
        store.apply(changes)
    assert store.records.get(KEY) == workspace.get(KEY)


def test_a_decision_sees_what_those_before_have_changed() -> None:
    """The second of two replacements is made of the first, and both become one write over what was read."""
    workspace = Workspace(Snapshot({KEY: ANN}))
    first = _next(ANN)
    workspace.apply([Replace(first, read=ANN)])
    assert workspace.get(KEY) == first
    workspace.apply([Replace(_next(first), read=first)])
    assert workspace.changes() == (Replace(_next(first), read=ANN),)


@pytest.mark.parametrize("change", [Replace(_next(_next(ANN)), read=_next(ANN)), Insert(ANN), Remove(read=_next(ANN))])
def test_a_change_that_does_not_follow_is_a_bug(change: Change) -> None:
    """A decision over something else than what it has looked at is not taken over."""
    workspace = Workspace(Snapshot({KEY: ANN}))
    assert workspace.get(KEY) == ANN
    with pytest.raises(ValueError, match="does not follow"):
        workspace.apply([change])


def test_what_nobody_looks_for_is_not_read() -> None:
    """A decision inserts an entry under a new number: the write's own condition tells whether it is new."""
    workspace = Workspace(Snapshot({}))
    workspace.apply([Insert(ANN)])
    assert workspace.get(KEY) == ANN
    assert workspace.changes() == (Insert(ANN),)


def test_a_decision_is_taken_over_whole_or_not_at_all() -> None:
    """Of changes of which the last does not follow, none is committed with what others have decided."""
    bob = replace(ANN, id="bob")
    workspace = Workspace(Snapshot({KEY: ANN, key_of(bob): None}))
    with pytest.raises(ValueError, match="does not follow"):
        workspace.apply([Replace(_next(ANN), read=ANN), Insert(bob), Remove(read=_next(bob))])
    assert (workspace.get(KEY), workspace.changes()) == (ANN, ())
