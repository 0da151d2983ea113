"""The wiring of delete_draft."""

from domain.application.trading.delete_draft import DeleteDraft
from functions.config.ports import Ports


def delete_draft(ports: Ports) -> DeleteDraft:
    """The use case over these ports."""
    return DeleteDraft(ports.store)
