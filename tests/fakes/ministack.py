"""A local AWS that is exact under many writers at once; moto, in process, loses and makes money under threads."""

import fcntl
import multiprocessing
import os
import runpy
import select
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import IO

from tests.fakes.endpoint_repairs import repair

STARTS = 5
_POLL_SECONDS = 0.05
_POLLS = 1200


class Ministack:
    """One server on loopback, started when its endpoint is first asked for; its state and logs are temporary.

    Args:
        services: the services that are wanted; fewer start faster.
    """

    def __init__(self, *services: str) -> None:
        self._services = services
        self._resources = ExitStack()

    @cached_property
    def endpoint(self) -> str:
        """Where it answers. Another process may take the port that was free, so there are a few tries."""
        folder = Path(self._resources.enter_context(tempfile.TemporaryDirectory(prefix="hunch-ministack-")))
        for _ in range(STARTS):
            port = _free_port()
            process = self._start(folder, port)
            if _is_ready(process, port):
                return f"http://127.0.0.1:{port}"
        raise RuntimeError((folder / "log").read_text())

    def stop(self) -> None:
        """End it; asked for again, it starts anew."""
        self.__dict__.pop("endpoint", None)
        self._resources.close()

    def _start(self, folder: Path, port: int) -> BaseProcess:
        environment = {
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "SERVICES": ",".join(self._services),
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",  # it would listen on a fixed port
            "LOG_LEVEL": "ERROR",
        }
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, environment), daemon=True)
        process.start()
        self._resources.callback(process.join)
        self._resources.callback(process.kill)
        return process


def shared_endpoint(folder: Path) -> str:
    """Where the one server of a test run answers: the first of its processes that asks starts it.

    It takes seconds to start and is exact under many clients, who keep out of each other's way by the names of their
    tables and queues. It ends with the test run, since every worker but the one that started it may outlive that one.

    Args:
        folder: one that all processes of the test run share.
    """
    place = folder / "ministack"
    with place.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not file.read():
            with (folder / "ministack.log").open("ab") as log:
                server = _SharedServer(errors=log)
            _RUNNING.append(server)
            file.write(server.said())
        file.flush()
        file.seek(0)
        endpoint = file.read()
    assert endpoint, (folder / "ministack.log").read_text()
    return endpoint


def _head_of_the_run() -> int:
    """The process that lasts as long as the test run: a worker's parent."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


class _SharedServer(subprocess.Popen[str]):
    """This module, run as a program: it serves and says where."""

    def __init__(self, errors: IO[bytes]) -> None:
        command = [sys.executable, "-m", "tests.fakes.ministack", str(_head_of_the_run())]
        super().__init__(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=errors, text=True)

    def said(self) -> str:
        """Its first and only line."""
        assert self.stdout is not None
        with self.stdout:
            return self.stdout.readline().strip()


_RUNNING: list[_SharedServer] = []
"""Kept, since it is no mistake that the process that started one does not wait for its end."""
_ROOT = Path(__file__).parents[2]
_SHARED_SERVICES = ("dynamodb", "dynamodbstreams", "sqs", "cognito-idp")


def _share(head: int) -> None:
    """Serve, say where, and end with the test run."""
    server = Ministack(*_SHARED_SERVICES)
    sys.stdout.write(f"{server.endpoint}\n")
    sys.stdout.flush()
    select.select([os.pidfd_open(head)], [], [])
    server.stop()


def _serve(folder: Path, environment: Mapping[str, str]) -> None:
    """Serve until this process is killed, or the one that started it is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=lambda: (wait([parent.sentinel]), os._exit(0)), daemon=True).start()
    with (folder / "log").open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.chdir(folder)
    os.environ.update(environment)
    if "lambda" in environment["SERVICES"].split(","):
        repair(folder / "bundles")
    sys.argv = ["ministack"]
    runpy.run_module("ministack", run_name="__main__")


def _is_ready(process: BaseProcess, port: int) -> bool:
    """Wait until it answers; False when it ended before it did."""
    for _ in range(_POLLS):
        process.join(_POLL_SECONDS)
        if not process.is_alive():
            return False
        if _answers(port):
            return True
    return False


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/_ministack/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket(AF_INET, SOCK_STREAM) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    _share(int(sys.argv[1]))
