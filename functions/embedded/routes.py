"""The route of every HTTP function."""

import importlib
from collections.abc import Callable

from functions.adapter.in_.http.endpoint import Route
from functions.registry import FUNCTION_OF, HTTP_TRIGGERS


def routes(use_case: Callable[[str], object]) -> list[Route]:
    """The route of every HTTP function, over its use case.

    Args:
        use_case: finds the use case of that name.
    """
    modules = {name: importlib.import_module(FUNCTION_OF[name].module("route")) for name in HTTP_TRIGGERS}
    return [module.create_route(use_case(name)) for name, module in modules.items()]
