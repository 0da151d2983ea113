"""The wiring of list_people."""

from domain.application.admission.list_people import ListPeople
from functions.config.ports import Ports


def list_people(ports: Ports) -> ListPeople:
    """The use case over these ports."""
    return ListPeople(ports.store, ports.persistence.admission)
