import asyncio

from domain.port.out.doorbell import Ring
from functions.adapter.out.system.doorbell import ProcessDoorbell


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
