"""Numbers by which programs know markets, where they can only keep numbers."""

import hashlib
from dataclasses import dataclass

from domain.model.kernel.record import record

_BYTES = 6
"""Of a hash: 48 bits, which every reader of JSON holds exactly."""
ATTEMPTS = 8
"""How many numbers a market tries: that the first is another's already happens once in a hundred million markets."""


@record("post", key=("id",))
@dataclass(frozen=True, slots=True)
class Post:
    """The number of a published market: it never changes.

    Args:
        id: 48 bits.
        market: the market's slug.
    """

    id: int
    market: str


def number_of(name: str, attempt: int = 0) -> int:
    """The number that a name makes: the same everywhere and for ever.

    Args:
        name: such as a slug.
        attempt: how many numbers it has tried that others have already.
    """
    text = name if attempt == 0 else f"{name}\n{attempt}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:_BYTES])
