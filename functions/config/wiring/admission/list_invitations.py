"""The wiring of list_invitations."""

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.admission.list_invitations import ListInvitations
from functions.config.ports import Ports


def list_invitations(ports: Ports) -> ListInvitations:
    """The use case over these ports."""
    return ListInvitations(ports.store, ports.persistence.admission, InstanceSecrets(ports.store))
