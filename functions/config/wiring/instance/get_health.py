"""The wiring of get_health."""

from domain.application.instance.get_health import GetHealth
from functions.config.ports import Ports
from functions.config.release import VERSION


def get_health(ports: Ports) -> GetHealth:
    """The use case over these ports."""
    return GetHealth(VERSION, ports.persistence.condition)
