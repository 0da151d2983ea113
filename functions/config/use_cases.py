"""Every use case over one set of ports, by its name: for processes that serve them all."""

import importlib
from typing import Any

from functions.config.ports import Ports
from functions.registry import FUNCTION_OF


class UseCases:
    """The use cases, each made when it is first asked for.

    Args:
        ports: what they are made of.
    """

    def __init__(self, ports: Ports) -> None:
        self.ports = ports

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the class depends on the name
        """The use case of that name.

        Raises:
            AttributeError: no function of the registry is called so.
        """
        function = FUNCTION_OF.get(name)
        if function is None:
            raise AttributeError(name)
        module = importlib.import_module(f"functions.config.wiring.{function.subdomain}.{name}")
        use_case = vars(module)[name](self.ports)
        setattr(self, name, use_case)
        return use_case
