"""How much a caller may still ask, where several processes serve them."""

from typing import Protocol


class Allowance(Protocol):
    """Counts the requests of callers: a minute's worth at once, and as many more as time brings back."""

    async def take(self, caller: str, requests: int) -> int:
        """Take requests off what a caller may ask, all or none.

        Whoever takes at the same time takes from the same. Where nobody can tell what is left, there is enough: a limit
        that fails must not be what stops people.

        Args:
            caller: who asks.
            requests: how many, at most a minute's worth.

        Returns:
            0 when they are taken; otherwise the seconds, at least one, after which there will be so many.
        """
        ...
