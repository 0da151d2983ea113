"""Where a webhook about all markets begins with a market that was there before it."""

from datetime import datetime

from domain.model.trading.book import Book
from domain.port.out.history import EventRepository


async def position_before(events: EventRepository, book: Book, instant: datetime) -> int:
    """The position of the market's last event before an instant; 0 when there is none.

    Events are in the order of their times, so that a few looks find it, whatever the length of the list.
    """
    low, high = 0, book.position  # what is up to low happened before, what is after high did not
    while low < high:
        middle = (low + high) // 2
        found = await events.find_events(book.slug, book.origin, book.revision, middle, 1)
        if found and found[0].created_at < instant:
            low = middle + 1
        else:
            high = middle
    return low
