"""The wiring of authorize."""

from domain.application.admission.authorize import Authorize
from domain.application.admission.instance_secrets import InstanceSecrets
from functions.config.ports import Ports


def authorize(ports: Ports) -> Authorize:
    """The use case over these ports."""
    return Authorize(
        ports.store, ports.clock, InstanceSecrets(ports.store), issuer=ports.issuer, session_kinds=ports.session_kinds
    )
