"""What every adapter finds of comments."""

from dataclasses import replace

import pytest

from domain.model.discussion.comment import Comment
from domain.port.out.paging import InvalidCursorError
from domain.port.out.store import Insert, Remove
from domain.port.out.unit_of_work import Committed
from tests.contract.conftest import Adapter
from tests.fakes.samples import ANN, ANNS_COMMENT, RAIN, RAIN_BOOK

IDS = tuple(f"{number:028x}" for number in (1, 2, 5, 2**100))


@pytest.fixture
async def commented(adapter: Adapter) -> Adapter:
    """Four comments under one market, stored out of order, and one under another."""
    snow = replace(RAIN, slug="snow"), replace(RAIN_BOOK, slug="snow")
    comments = [replace(ANNS_COMMENT, id=id_) for id_ in IDS[::2] + IDS[1::2]]
    for record in (ANN, RAIN, RAIN_BOOK, *snow, *comments, replace(ANNS_COMMENT, market="snow", id="3" * 28)):
        assert await adapter.commit(Insert(record)) == Committed()
    return adapter


async def test_newest_first(commented: Adapter) -> None:
    """By their ids, backwards, page by page; and of one market alone."""
    found, cursor = list[Comment](), None
    for _ in range(2):
        page = await commented.ports.comments.find_comments("rain", 2, cursor)
        found += page.items
        cursor = page.cursor
    assert [comment.id for comment in found] == list(reversed(IDS))
    assert found[0] == replace(ANNS_COMMENT, id=IDS[-1])
    assert (await commented.ports.comments.find_comments("hail", 2)).items == ()


async def test_a_deleted_comment(commented: Adapter) -> None:
    """What is removed is not listed."""
    removed = replace(ANNS_COMMENT, id=IDS[1])
    assert await commented.commit(Remove(removed)) == Committed()
    page = await commented.ports.comments.find_comments("rain", 9)
    assert [comment.id for comment in page.items] == [IDS[3], IDS[2], IDS[0]]


async def test_a_cursor_that_is_none(commented: Adapter) -> None:
    """What no list gives is refused."""
    with pytest.raises(InvalidCursorError):
        await commented.ports.comments.find_comments("rain", 2, "x")
