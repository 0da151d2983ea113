"""The wiring of project_price_history."""

from domain.application.history.project_price_history import ProjectPriceHistory
from functions.config.ports import Ports


def project_price_history(ports: Ports) -> ProjectPriceHistory:
    """The use case over these ports."""
    return ProjectPriceHistory(ports.store, ports.persistence.events)
