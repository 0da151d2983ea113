"""The wiring of project_records."""

from domain.application.record.project_records import ProjectRecords
from domain.application.record.replay_results import ReplayResults
from functions.config.ports import Ports


def project_records(ports: Ports) -> ProjectRecords:
    """The use case over these ports."""
    replay = ReplayResults(ports.store, ports.persistence.journal)
    return ProjectRecords(ports.store, ports.persistence.track_records, replay)
