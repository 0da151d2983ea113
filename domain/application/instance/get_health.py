"""Say whether the service does its work, and which release it is."""

from typing import NamedTuple

from domain.model.kernel.errors import DegradedError
from domain.port.out.condition import Condition


class GetHealthRequest(NamedTuple):
    """Asks for nothing in particular."""


class GetHealthResult(NamedTuple):
    """The release that answered."""

    version: str


class GetHealth:
    """The use case."""

    def __init__(self, version: str, condition: Condition) -> None:
        self._version = version
        self._condition = condition

    async def execute(self, request: GetHealthRequest) -> GetHealthResult:
        """Answer.

        Raises:
            DegradedError: it answers, and cannot write.
        """
        if trouble := await self._condition.find_trouble():
            raise DegradedError(trouble)
        return GetHealthResult(self._version)
