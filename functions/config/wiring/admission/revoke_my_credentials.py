"""The wiring of revoke_my_credentials."""

from domain.application.admission.revoke_my_credentials import RevokeMyCredentials
from functions.config.ports import Ports


def revoke_my_credentials(ports: Ports) -> RevokeMyCredentials:
    """The use case over these ports."""
    return RevokeMyCredentials(ports.commands)
