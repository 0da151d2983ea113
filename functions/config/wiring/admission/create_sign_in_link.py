"""The wiring of create_sign_in_link."""

from domain.application.admission.create_sign_in_link import CreateSignInLink
from domain.application.admission.instance_secrets import InstanceSecrets
from functions.config.ports import Ports


def create_sign_in_link(ports: Ports) -> CreateSignInLink:
    """The use case over these ports."""
    return CreateSignInLink(ports.store, ports.clock, InstanceSecrets(ports.store))
