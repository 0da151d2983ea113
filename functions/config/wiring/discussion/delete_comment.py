"""The wiring of delete_comment."""

from domain.application.discussion.delete_comment import DeleteComment
from functions.config.ports import Ports


def delete_comment(ports: Ports) -> DeleteComment:
    """The use case over these ports."""
    return DeleteComment(ports.store)
