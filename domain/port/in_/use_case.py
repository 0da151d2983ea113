"""The one shape of a use case."""

from typing import Protocol


class UseCase[Request, Result](Protocol):
    """Something the product does: one request in, one result out, or a :class:`DomainError`."""

    async def execute(self, request: Request) -> Result:
        """Do it."""
        ...
