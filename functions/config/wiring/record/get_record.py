"""The wiring of get_record."""

from domain.application.record.get_record import GetRecord
from functions.config.ports import Ports


def get_record(ports: Ports) -> GetRecord:
    """The use case over these ports."""
    return GetRecord(ports.store)
