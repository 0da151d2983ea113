"""The wiring of list_journal."""

from domain.application.ledger.list_journal import ListJournal
from functions.config.ports import Ports


def list_journal(ports: Ports) -> ListJournal:
    """The use case over these ports."""
    return ListJournal(ports.store, ports.persistence.journal)
