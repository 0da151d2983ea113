"""A Lambda environment in a process of its own, for what two of them do at once."""

import importlib
import multiprocessing
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from functions.registry import FUNCTION_OF

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE_SECONDS = 60


@contextmanager
def environment(name: str, variables: Mapping[str, str]) -> Iterator["Environment"]:
    """Start one for a function, with these environment variables; it loads while others are started."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there, name, dict(variables)))
    process.start()
    try:
        yield Environment(here)
        here.send(None)
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == 0
    finally:
        process.kill()
        process.join()
        process.close()
        for end in (here, there):
            end.close()


class Environment:
    """The way to it."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection = connection

    def send(self, event: dict[str, Any]) -> None:
        """Invoke its function, without waiting for the answer."""
        self._connection.send(event)

    def receive(self) -> Any:
        """What it says next: that it is ready, and then its answers."""
        assert self._connection.poll(PATIENCE_SECONDS)
        return self._connection.recv()


def _serve(connection: "Connection[Any, Any]", name: str, variables: Mapping[str, str]) -> None:
    os.environ.update(variables)
    handler = importlib.import_module(FUNCTION_OF[name].module("handler")).handler
    connection.send("ready")
    while (event := connection.recv()) is not None:
        connection.send(handler(event, SimpleNamespace(aws_request_id=str(os.getpid()))))
