"""What the stack tells functions of who answers the doorbells of the registry."""

from collections.abc import Mapping

from functions.registry import ANSWERS, DOORBELLS, Queue


def doorbell_variables(queue_url: str, function_name: str = "{}") -> Mapping[str, str]:
    """The environment variables of all doorbells.

    Args:
        queue_url: of each queue, with braces where the doorbell's name belongs.
        function_name: of each function that is invoked, with braces where its name in the registry belongs.
    """
    return {
        doorbell.variable: queue_url.format(name)
        if isinstance(doorbell, Queue)
        else function_name.format(ANSWERS[name].name)
        for name, doorbell in DOORBELLS.items()
    }
