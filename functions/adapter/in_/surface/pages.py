"""Pages of a list in a row, for answers that are longer than a page."""

from collections.abc import AsyncIterator, Awaitable, Callable

from domain.port.out.paging import Page

MOST_PAGES = 100
"""How many pages one request may go past at most to come to where it goes on."""


async def items_of[T](read: Callable[[str | None], Awaitable[Page[T]]], pages: int = MOST_PAGES) -> AsyncIterator[T]:
    """The items of a list, page after page, as far as somebody wants them.

    Args:
        read: reads the page at a cursor.
        pages: how many are read at the most.
    """
    cursor: str | None = None
    for _ in range(pages):
        page = await read(cursor)
        for item in page.items:
            yield item
        cursor = page.cursor
        if cursor is None:
            return
