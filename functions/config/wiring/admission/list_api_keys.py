"""The wiring of list_api_keys."""

from domain.application.admission.list_api_keys import ListApiKeys
from functions.config.ports import Ports


def list_api_keys(ports: Ports) -> ListApiKeys:
    """The use case over these ports."""
    return ListApiKeys(ports.store, ports.persistence.admission)
