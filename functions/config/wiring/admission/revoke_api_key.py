"""The wiring of revoke_api_key."""

from domain.application.admission.revoke_api_key import RevokeApiKey
from functions.config.ports import Ports


def revoke_api_key(ports: Ports) -> RevokeApiKey:
    """The use case over these ports."""
    return RevokeApiKey(ports.store)
