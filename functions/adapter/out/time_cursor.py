"""Places in lists by time: an instant, and a market of that instant."""

import re
from datetime import datetime

from domain.model.kernel.notation import format_time
from domain.port.out.paging import InvalidCursorError

_PLACE = re.compile(r"([0-9T:.-]{26}Z)#([a-z0-9-]{1,64})", re.ASCII)


def time_position(instant: datetime, slug: str) -> str:
    """Where a market is in a list by time; the texts of all places sort as the places do."""
    return f"{format_time(instant)}#{slug}"


def parse_time_position(cursor: str) -> tuple[str, str]:
    """The time, as text, and the slug that a cursor stands for.

    Raises:
        InvalidCursorError: it stands for none.
    """
    match = _PLACE.fullmatch(cursor)
    if match is None:
        raise InvalidCursorError(cursor)
    return match[1], match[2]
