"""The Condition of a service whose store is somebody else's to watch."""


class Untroubled:
    """Nothing to say: what fails there is answered request by request, and alarms see it."""

    async def find_trouble(self) -> str | None:
        """None."""
        return None
