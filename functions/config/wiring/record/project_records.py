"""The wiring of project_records."""

from domain.application.record.project_records import ProjectRecords
from domain.application.record.replay_results import ReplayResults
from domain.model.settlement.settlement import CROWD, Crowd
from functions.config.ports import Ports


def project_records(ports: Ports, *, crowd: Crowd = CROWD) -> ProjectRecords:
    """The use case over these ports.

    Args:
        ports: what it is made of.
        crowd: how settlement divides the holders of a market.
    """
    replay = ReplayResults(ports.store, ports.persistence.journal)
    return ProjectRecords(ports.store, ports.persistence.track_records, replay, crowd)
