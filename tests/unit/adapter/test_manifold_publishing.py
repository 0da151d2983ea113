"""Making a market takes two writes: what becomes of the draft when the second fails."""

from dataclasses import fields, replace

import pytest

from domain.application.trading.publish_market import PublishMarketRequest, PublishMarketResult
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ContentionError, DomainError, InvalidMarketError
from domain.model.kernel.record import key_for
from domain.model.trading.market import Market
from functions.adapter.in_.manifold.use_cases import ManifoldUseCases
from functions.adapter.in_.surface.application import Call
from functions.api.manifold.manifold.publishing import Publishing
from tests.fakes.memory import MemoryPersistence, MemoryStore
from tests.fakes.world import World, caller


class _Failing:
    """Publishes the market, or does not, and gives an error for an answer."""

    def __init__(self, world: World, error: DomainError, *, is_done: bool) -> None:
        self._world = world
        self._error = error
        self._is_done = is_done

    async def execute(self, request: PublishMarketRequest) -> PublishMarketResult:
        if self._is_done:
            await self._world.publish_market.execute(request)
        raise self._error


def _call() -> Call:
    content = {"outcomeType": "BINARY", "question": "Rain?"}
    return Call(caller("ann"), {}, (), content, Idempotency("key", "f"), "https://hunch.example", lambda: None)


@pytest.mark.parametrize("is_done", [True, False])
async def test_a_publication_in_doubt(*, is_done: bool) -> None:
    """Nobody takes back what was perhaps done: the error says so, and repeating the request goes on."""
    store = MemoryStore()
    world = World(MemoryPersistence.over(store))
    await world.open("ann")
    use_cases = ManifoldUseCases(**{each.name: getattr(world, each.name) for each in fields(ManifoldUseCases)})
    failing = replace(use_cases, publish_market=_Failing(world, ContentionError(), is_done=is_done))
    with pytest.raises(ContentionError):
        await Publishing(failing).create_market(_call())
    assert key_for(Market, "rain") in store.records
    shown = await Publishing(use_cases).create_market(_call())
    assert isinstance(shown, dict)
    assert shown["id"] == "rain"


async def test_a_publication_that_is_refused() -> None:
    """There is no draft left over."""
    store = MemoryStore()
    world = World(MemoryPersistence.over(store))
    await world.open("ann")
    use_cases = ManifoldUseCases(**{each.name: getattr(world, each.name) for each in fields(ManifoldUseCases)})
    failing = replace(use_cases, publish_market=_Failing(world, InvalidMarketError("too late"), is_done=False))
    with pytest.raises(InvalidMarketError):
        await Publishing(failing).create_market(_call())
    assert key_for(Market, "rain") not in store.records
