"""How amounts, instants and trades are written down: the one notation of the API, the digests and the exports."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from domain.model.kernel.money import MICROS

REMEMBERED_INSTANTS = 1024
"""An order's instant is written in its trade, its digest, its rows and its answer."""


def format_micros(micros: int) -> str:
    """A micro-unit integer as a decimal string with exactly six places: ``-1`` is ``"-0.000001"``."""
    sign = "-" if micros < 0 else ""
    whole, fraction = divmod(abs(micros), MICROS)
    return f"{sign}{whole}.{fraction:06d}"


def parse_micros(text: str) -> int:
    """The micro-unit integer that an unsigned decimal string of at most six places stands for.

    The grammar is the caller's to check: this is for text that already matched it.
    """
    whole, _, fraction = text.partition(".")
    return int(whole) * MICROS + int(fraction.ljust(6, "0"))


@lru_cache(REMEMBERED_INSTANTS)
def format_time(instant: datetime) -> str:
    """An aware instant as ``YYYY-MM-DDTHH:MM:SS.ffffffZ``."""
    at_utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return at_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def canonical_json(value: Mapping[str, object]) -> str:
    """One text per JSON value: keys sorted, no spaces, ASCII-escaped."""
    return _CANONICAL.encode(value)
