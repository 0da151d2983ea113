"""The wiring of accept_invitation."""

from domain.application.admission.accept_invitation import AcceptInvitation
from domain.application.admission.instance_secrets import InstanceSecrets
from functions.adapter.out.system.transliteration import transliterate
from functions.config.ports import Ports


def accept_invitation(ports: Ports) -> AcceptInvitation:
    """The use case over these ports."""
    return AcceptInvitation(
        ports.store,
        ports.commands,
        ports.clock,
        InstanceSecrets(ports.store),
        starting_grant=ports.settings.starting_grant,
        transliterate=transliterate,
        has_issuer=ports.settings.oidc is not None,
    )
