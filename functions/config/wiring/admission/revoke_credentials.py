"""The wiring of revoke_credentials."""

from domain.application.admission.revoke_credentials import RevokeCredentials
from functions.config.ports import Ports


def revoke_credentials(ports: Ports) -> RevokeCredentials:
    """The use case over these ports."""
    return RevokeCredentials(ports.commands)
