"""The wiring of post_comment."""

from domain.application.discussion.post_comment import PostComment
from functions.config.ports import Ports


def post_comment(ports: Ports) -> PostComment:
    """The use case over these ports."""
    return PostComment(ports.commands, ports.clock)
