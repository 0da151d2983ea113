"""The wiring of list_comments."""

from domain.application.discussion.list_comments import ListComments
from functions.config.ports import Ports


def list_comments(ports: Ports) -> ListComments:
    """The use case over these ports."""
    return ListComments(ports.persistence.trailing, ports.persistence.comments)
