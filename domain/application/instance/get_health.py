"""Say that the service answers, and which release it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GetHealthRequest:
    """Asks for nothing in particular."""


@dataclass(frozen=True, slots=True)
class GetHealthResult:
    """The release that answered."""

    version: str


class GetHealth:
    """The use case: it reads nothing, so that it tells of the function and not of the store."""

    def __init__(self, version: str) -> None:
        self._version = version

    async def execute(self, request: GetHealthRequest) -> GetHealthResult:
        """Answer."""
        return GetHealthResult(self._version)
