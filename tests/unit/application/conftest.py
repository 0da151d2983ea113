"""The world in which a use case is tested: everything in memory, retries that take no time."""

import pytest

from tests.fakes.clock import LowestRandom
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import World


@pytest.fixture
def store() -> MemoryStore:
    """What is stored; empty at first."""
    return MemoryStore()


@pytest.fixture
def world(store: MemoryStore) -> World:
    """Every use case over that store."""
    return World(MemoryPersistence.over(store), random=LowestRandom())
