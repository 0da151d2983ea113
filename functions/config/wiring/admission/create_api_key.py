"""The wiring of create_api_key."""

from domain.application.admission.create_api_key import CreateApiKey
from domain.model.admission.session_kind import SessionKind
from functions.config.ports import Ports


def create_api_key(ports: Ports) -> CreateApiKey:
    """The use case over these ports."""
    return CreateApiKey(ports.store, ports.clock, is_local=SessionKind.DEVELOPER in ports.session_kinds)
