"""What an agent is told when a call fails: the code, what happened, and how to go on."""

import functools
from collections.abc import Callable

from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError

from hunch_client import HunchError, ProblemError


def told[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """A tool whose refusals reach the model; of any other exception the SDK tells it nothing."""

    @functools.wraps(call)
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except HunchError as error:
            raise ToolError(explain(error)) from error
        except (TypeError, ValueError) as error:
            raise ToolError(f"validation-failed: {error}.") from error

    return telling


def told_of_resource[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """A resource whose refusals reach the client."""

    @functools.wraps(call)
    def telling(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except HunchError as error:
            kind = ResourceNotFoundError if error.code.endswith("not-found") else ResourceError
            raise kind(explain(error)) from error

    return telling


def explain(error: HunchError) -> str:
    """The error as ``code: detail``."""
    text = str(error) if str(error).startswith(f"{error.code}: ") else f"{error.code}: {error}"
    if isinstance(error, ProblemError):
        text += "".join(f" {wrong.field}: {wrong.detail}." for wrong in error.errors)
    if error.key is not None:
        text += f" It may have been done: call again with the idempotency_key {error.key} to find out."
    return text
