"""The wiring of create_invitation."""

from domain.application.admission.create_invitation import CreateInvitation
from domain.application.admission.instance_secrets import InstanceSecrets
from functions.config.ports import Ports


def create_invitation(ports: Ports) -> CreateInvitation:
    """The use case over these ports."""
    return CreateInvitation(ports.store, ports.clock, InstanceSecrets(ports.store))
