"""The wiring of accept_sign_in_link."""

from domain.application.admission.accept_sign_in_link import AcceptSignInLink
from domain.application.admission.instance_secrets import InstanceSecrets
from functions.config.ports import Ports


def accept_sign_in_link(ports: Ports) -> AcceptSignInLink:
    """The use case over these ports."""
    return AcceptSignInLink(ports.store, InstanceSecrets(ports.store))
