"""Reads as much of an HTTP/1.1 answer as matters: its status, and the time after which to come back."""

import asyncio
import email.utils
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from domain.model.webhooks.delivery import LONGEST_RETRY_AFTER, Answer

ANSWER_BYTES = 65_536
"""Of an answer no more is read."""
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n", re.ASCII)
_RETRY_AFTER = re.compile(rb"^retry-after:[ \t]*([^\r\n]*?)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_INTERIM = range(100, 200)


class MalformedAnswerError(Exception):
    """What was answered is not HTTP."""


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """The answer, as soon as its head is there.

    Args:
        reader: of a connection whose limit is ANSWER_BYTES.

    Raises:
        MalformedAnswerError: it is not HTTP, or its head is too long.
        IncompleteReadError: the connection ended before.
    """
    read = 0
    while read < ANSWER_BYTES:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise MalformedAnswerError from error
        read += len(head)
        line = _STATUS_LINE.match(head)
        if line is None:
            raise MalformedAnswerError
        status = int(line[1])
        if status not in _INTERIM:  # such as 103 Early Hints: the answer is still to come
            return Answer(status, retry_after=_retry_after(head))
    raise MalformedAnswerError


def _retry_after(head: bytes) -> timedelta | None:
    """The time that a Retry-After header asks for, in seconds or as a date; None where it says nothing readable."""
    match = _RETRY_AFTER.search(head)
    if match is None:
        return None
    text = match[1].decode("latin-1")
    if re.fullmatch("[0-9]{1,9}", text, re.ASCII):
        return min(timedelta(seconds=int(text)), LONGEST_RETRY_AFTER)
    with suppress(ValueError):
        at = email.utils.parsedate_to_datetime(text)
        return min((at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC), LONGEST_RETRY_AFTER)
    return None
