"""Whether the service can do its work."""

from typing import Protocol


class Condition(Protocol):
    """Knows whether writes succeed."""

    async def find_trouble(self) -> str | None:
        """Why writes fail at this moment, in words for anybody; None while they succeed."""
        ...
