"""Pages of lists, and the cursors by which they go on."""

import re
from typing import NamedTuple

from domain.model.kernel.names import is_id


class InvalidCursorError(ValueError):
    """A cursor that the list it is shown to never gave."""

    def __init__(self, cursor: str) -> None:
        super().__init__(f"{cursor!r} is no cursor of this list")


class Page[T](NamedTuple):
    """Some items of a list, and where it goes on.

    Args:
        items: in the list's order.
        cursor: what to ask the next page with, None after the last.
    """

    items: tuple[T, ...]
    cursor: str | None


def parse_position(cursor: str) -> int:
    """The number that a cursor of a numbered list stands for.

    Raises:
        InvalidCursorError: it stands for none.
    """
    if not re.fullmatch("[0-9]{1,19}", cursor, re.ASCII) or int(cursor) >= 2**63:
        raise InvalidCursorError(cursor)
    return int(cursor)


def parse_id(cursor: str) -> str:
    """The id that a cursor of a list sorted by ids stands for.

    Raises:
        InvalidCursorError: it stands for none.
    """
    if not is_id(cursor):
        raise InvalidCursorError(cursor)
    return cursor
