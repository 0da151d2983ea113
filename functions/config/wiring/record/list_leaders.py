"""The wiring of list_leaders."""

from domain.application.record.list_leaders import ListLeaders
from functions.config.ports import Ports


def list_leaders(ports: Ports) -> ListLeaders:
    """The use case over these ports."""
    return ListLeaders(ports.store, ports.persistence.track_records, ports.clock)
