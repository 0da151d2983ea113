"""The cursor of an account's results: when the last one was decided, and its market."""

import re

from domain.model.kernel.notation import format_time
from domain.model.record.result import Result
from domain.port.out.paging import InvalidCursorError

_CURSOR = re.compile(r"[0-9T:.-]{26}Z#[a-z0-9-]{1,64}", re.ASCII)


def result_position(result: Result) -> str:
    """Where a result is among those of its account: by the decision, then by the market."""
    return f"{format_time(result.resolved_at)}#{result.market}"


def parse_result_cursor(cursor: str) -> tuple[str, str]:
    """The time and the market that a cursor stands for.

    Raises:
        InvalidCursorError: it stands for none.
    """
    if not _CURSOR.fullmatch(cursor):
        raise InvalidCursorError(cursor)
    time, _, market = cursor.partition("#")
    return time, market
