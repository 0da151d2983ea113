import asyncio

import pytest

from domain.port.out.doorbell import Ring
from functions.adapter.out.system.doorbell import ProcessDoorbell
from functions.adapter.out.system.turns import ProcessTurns


def rings(*slugs: str) -> list[Ring]:
    """Rings for these markets."""
    return [Ring(slug, "occasion") for slug in slugs]


async def is_silent(doorbell: ProcessDoorbell) -> bool:
    """Whether nobody has rung, or all rings are answered."""
    task = asyncio.create_task(doorbell.answer())
    for _ in range(5):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    return task.cancelled()


async def test_answers_in_the_order_of_ringing() -> None:
    """First rung, first answered."""
    doorbell = ProcessDoorbell()
    await doorbell.ring(rings("rain", "snow"))
    await doorbell.ring(rings("a"))
    assert [await doorbell.answer() for _ in range(3)] == ["rain", "snow", "a"]
    assert await is_silent(doorbell)


async def test_one_that_waits_is_not_noted_twice() -> None:
    """It keeps its place, and is answered once."""
    doorbell = ProcessDoorbell()
    await doorbell.ring(rings("rain", "snow", "rain"))
    await doorbell.ring(rings("rain"))
    assert [await doorbell.answer() for _ in range(2)] == ["rain", "snow"]
    assert await is_silent(doorbell)


async def test_a_ring_after_the_answer_is_answered_again() -> None:
    """What is rung for while its worker is at it needs another look."""
    doorbell = ProcessDoorbell()
    await doorbell.ring(rings("rain"))
    assert await doorbell.answer() == "rain"
    await doorbell.ring(rings("rain"))
    assert await doorbell.answer() == "rain"


async def test_waits_for_a_ring() -> None:
    """A worker that is there first comes as soon as somebody rings; ringing for nothing wakes nobody for nothing."""
    doorbell = ProcessDoorbell()
    worker = asyncio.create_task(doorbell.answer())
    await asyncio.sleep(0)
    await doorbell.ring([])
    await asyncio.sleep(0)
    assert not worker.done()
    await doorbell.ring(rings("rain"))
    async with asyncio.timeout(5):
        assert await worker == "rain"


async def test_every_ring_is_answered_by_one_of_many() -> None:
    """Of several workers each ring has one, and none is left over."""
    doorbell = ProcessDoorbell()
    workers = [asyncio.create_task(doorbell.answer()) for _ in range(5)]
    await asyncio.sleep(0)
    for slug in ("a", "b"):
        await doorbell.ring(rings(slug))
    await doorbell.ring(rings("c", "d", "e"))
    async with asyncio.timeout(5):
        assert sorted(await asyncio.gather(*workers)) == ["a", "b", "c", "d", "e"]


async def test_a_worker_that_leaves_takes_no_ring_along() -> None:
    """Cancelled in the very moment of the ring, it leaves it to the next."""
    doorbell = ProcessDoorbell()
    worker = asyncio.create_task(doorbell.answer())
    await asyncio.sleep(0)
    await doorbell.ring(rings("rain"))
    worker.cancel()
    await asyncio.wait([worker])
    assert worker.cancelled()
    async with asyncio.timeout(5):
        assert await doorbell.answer() == "rain"


async def test_turns_are_first_come_first_served() -> None:
    """Who asks first goes first, one at a time; another subject does not wait."""
    turns, order = ProcessTurns(), list[str]()

    async def visit(name: str, subject: str) -> None:
        async with turns.take(subject):
            order.append(f"{name} in")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            order.append(f"{name} out")

    async with asyncio.timeout(5):
        await asyncio.gather(visit("a", "rain"), visit("b", "rain"), visit("c", "rain"), visit("z", "snow"))
    assert [step for step in order if "z" not in step] == ["a in", "a out", "b in", "b out", "c in", "c out"]
    assert order.index("z in") < order.index("a out")


async def test_a_turn_ends_with_an_error() -> None:
    """Whoever fails in theirs leaves it to the next."""
    turns = ProcessTurns()
    with pytest.raises(ZeroDivisionError):
        async with turns.take("rain"):
            raise ZeroDivisionError
    async with asyncio.timeout(5), turns.take("rain"):
        pass


async def test_who_gives_up_keeps_nobody_waiting() -> None:
    """A request that is cancelled, in its turn or waiting for it, lets the next one go."""
    turns, inside, done = ProcessTurns(), asyncio.Event(), list[str]()

    async def stay() -> None:
        async with turns.take("rain"):
            inside.set()
            await asyncio.Event().wait()

    async def visit(name: str) -> None:
        async with turns.take("rain"):
            done.append(name)

    first = asyncio.create_task(stay())
    await inside.wait()
    second, third = asyncio.create_task(visit("second")), asyncio.create_task(visit("third"))
    await asyncio.sleep(0)
    for task in (second, first):
        task.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([first, second, third])
    assert done == ["third"]


async def test_subjects_are_forgotten() -> None:
    """A subject that nobody wants any more takes no room."""
    turns = ProcessTurns()
    for number in range(100):
        async with turns.take(f"market-{number}"):
            assert len(turns._locks) == 1
    assert not turns._locks
