"""The wiring of list_results."""

from domain.application.record.list_results import ListResults
from functions.config.ports import Ports


def list_results(ports: Ports) -> ListResults:
    """The use case over these ports."""
    return ListResults(ports.store, ports.persistence.track_records)
