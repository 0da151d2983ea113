"""Cursors: opaque, and good only for the query they were issued for."""

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from domain.model.kernel.caller import Caller
from functions.adapter.in_.http.problem_details import INVALID_CURSOR, INVALID_CURSOR_DETAIL, ProblemError


def _read_limit(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch("[1-9][0-9]{0,2}", text):
        raise ValueError("must be an integer from 1 to 100")
    return text


Limit = Annotated[int, Field(ge=1, le=100, description="How many items at most."), BeforeValidator(_read_limit)]
DEFAULT_LIMIT = 20
Cursor = Annotated[str | None, Field(description="Where the page before ended: its `cursor`.")]


class CursorScope:
    """One query, whose cursors no other query takes.

    Args:
        path: the list's path.
        filters: the filters that were given.
        caller: who asks.
    """

    def __init__(self, path: str, filters: Mapping[str, str | None], caller: Caller | None) -> None:
        given = sorted((name, value) for name, value in filters.items() if value is not None)
        self._scope = repr((path, given, caller.account if caller else None))

    def issue(self, position: str | None) -> str | None:
        """The cursor of a position in this query's list; None at its end."""
        if position is None:
            return None
        return base64.urlsafe_b64encode(self._seal(position) + position.encode()).decode().rstrip("=")

    def position(self, cursor: str | None) -> str | None:
        """The position a cursor stands for; None for the start.

        Raises:
            ProblemError: it was not issued for this query.
        """
        if cursor is None:
            return None
        try:
            content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            position = content[_SEAL_BYTES:].decode()
        except ValueError:
            raise self._refusal() from None
        if content[:_SEAL_BYTES] != self._seal(position) or self.issue(position) != cursor:
            raise self._refusal()
        return position

    def _seal(self, position: str) -> bytes:
        return hashlib.sha256(f"{self._scope}\n{position}".encode()).digest()[:_SEAL_BYTES]

    @staticmethod
    def _refusal() -> ProblemError:
        return ProblemError(INVALID_CURSOR, INVALID_CURSOR_DETAIL)


_SEAL_BYTES = 8
