"""The wiring of revoke_invitation."""

from domain.application.admission.revoke_invitation import RevokeInvitation
from functions.config.ports import Ports


def revoke_invitation(ports: Ports) -> RevokeInvitation:
    """The use case over these ports."""
    return RevokeInvitation(ports.store)
