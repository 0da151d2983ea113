import pytest

from domain.application.instance.get_health import GetHealth, GetHealthRequest
from domain.model.kernel.errors import DegradedError


class Condition:
    """A condition that a test sets."""

    def __init__(self, trouble: str | None = None) -> None:
        self.trouble = trouble

    async def find_trouble(self) -> str | None:
        """What was set."""
        return self.trouble


async def test_health_is_the_truth() -> None:
    """The release while writes succeed; the reason while they fail; the release again."""
    condition = Condition()
    get_health = GetHealth("1.2.3", condition)
    assert (await get_health.execute(GetHealthRequest())).version == "1.2.3"
    condition.trouble = "the disk is full"
    with pytest.raises(DegradedError, match="the disk is full") as refusal:
        await get_health.execute(GetHealthRequest())
    assert (refusal.value.code, refusal.value.retry_after_seconds > 0) == ("degraded", True)
    condition.trouble = None
    assert (await get_health.execute(GetHealthRequest())).version == "1.2.3"
