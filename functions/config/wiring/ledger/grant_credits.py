"""The wiring of grant_credits."""

from domain.application.ledger.grant_credits import GrantCredits
from functions.config.ports import Ports


def grant_credits(ports: Ports) -> GrantCredits:
    """The use case over these ports."""
    return GrantCredits(ports.commands)
