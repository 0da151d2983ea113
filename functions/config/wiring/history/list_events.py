"""The wiring of list_events."""

from domain.application.history.list_events import ListEvents
from functions.config.ports import Ports


def list_events(ports: Ports) -> ListEvents:
    """The use case over these ports."""
    return ListEvents(ports.persistence.trailing, ports.persistence.events)
