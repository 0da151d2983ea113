"""A real `hunch serve` in a process of its own, as a person starts it.

Loading the server takes a second and a half, and most tests are not about loading. So the command is run in two ways:
as it is installed, and in a copy of a process that has its modules loaded and has done nothing with them.
"""

import functools
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple, Protocol, Self

import httpx

from functions.embedded.command_line import main
from functions.embedded.commands.serve import OPEN_TO_ALL
from functions.registry import FUNCTION_OF, HTTP_TRIGGERS

HUNCH = str(Path(sys.executable).with_name("hunch"))
DEADLINE_SECONDS = 120.0
_POLL_SECONDS = 0.01
_FIRST_LINE = re.compile(
    r"^Hunch \S+ serves (?P<database>.+) at (?P<url>http://\S+:\d+) \(API: \S+/docs\)\. .+$", re.MULTILINE
)


def wait_until(happened: Callable[[], bool]) -> None:
    """Come back once it has happened; a failure when that takes longer than the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(_POLL_SECONDS)


def environment(**settings: str) -> dict[str, str]:
    """The environment of a command: this one's without its settings of Hunch, and those given."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HUNCH_")} | settings


class Process(Protocol):
    """A command that was started."""

    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


class InstalledHunch(subprocess.Popen[bytes]):
    """The installed command.

    Args:
        arguments: what follows `hunch`.
        output: where its output goes.
        errors: where its errors go.
        settings: the settings of Hunch in its environment.
    """

    def __init__(self, arguments: Sequence[str], output: IO[bytes], errors: IO[bytes], **settings: str) -> None:
        super().__init__([HUNCH, *arguments], stdout=output, stderr=errors, env=environment(**settings))


class LoadedHunch:
    """The same command with the same arguments, output and settings, in a process that need not load it."""

    def __init__(self, arguments: Sequence[str], output: IO[bytes], errors: IO[bytes], **settings: str) -> None:
        what = (tuple(arguments), output.name, errors.name, environment(**settings))
        self._process = _loaded().Process(target=_run, args=what, daemon=True)
        self._process.start()

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Its exit code, once it has ended."""
        self._process.join(timeout)
        code = self._process.exitcode
        assert code is not None, "it did not end in time"
        return code

    def send_signal(self, sig: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, sig)

    def kill(self) -> None:
        """End it, if it runs."""
        self._process.kill()
        self._process.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.join()
        self._process.close()


@functools.cache
def _loaded() -> multiprocessing.context.ForkServerContext:
    """A process that has loaded what the command loads, of which every further one is a copy."""
    context = multiprocessing.get_context("forkserver")
    server = (
        "functions.embedded.app",
        "functions.embedded.demo",
        *(FUNCTION_OF[name].module("route") for name in HTTP_TRIGGERS),
    )
    uvicorn = ("uvicorn.loops.uvloop", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto")
    context.set_forkserver_preload([__name__, *server, "uvicorn.lifespan.on", *uvicorn])
    return context


def _run(arguments: Sequence[str], output: str, errors: str, variables: Mapping[str, str]) -> None:
    for number, path in enumerate((output, errors), start=1):
        opened = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(variables)
    main(arguments, prog_name="hunch")


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    output: str
    errors: str


def run_hunch(*arguments: str, **settings: str) -> Ended:
    """A command that ends by itself."""
    with (
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
        InstalledHunch(arguments, output, errors, **settings) as process,
    ):
        try:
            code = process.wait(DEADLINE_SECONDS)
        finally:
            process.kill()
        output.seek(0)
        errors.seek(0)
        return Ended(code, output.read().decode(), errors.read().decode())


@dataclass(frozen=True)
class Server:
    """A server that was started, and what it says."""

    process: Process
    output: Path
    errors: Path

    @property
    def url(self) -> str:
        """Where it answers, by its own word; waits until it has said so."""
        wait_until(lambda: bool(_FIRST_LINE.search(self.output.read_text())) or self.process.poll() is not None)
        said = _FIRST_LINE.search(self.output.read_text())
        assert said, self.errors.read_text()
        return said["url"]

    @property
    def complaints(self) -> str:
        """What it wrote as errors, besides the warning that nobody needs a password."""
        return self.errors.read_text().removeprefix(f"{OPEN_TO_ALL}\n")

    def await_ready(self) -> str:
        """Where it answers, once it does."""
        url = self.url
        assert httpx.get(f"{url}/v1/health", timeout=DEADLINE_SECONDS).json()["status"] == "ok"
        return url

    def stop(self, signal_: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal; the code that it exits with."""
        self.process.send_signal(signal_)
        return self.process.wait(DEADLINE_SECONDS)

    def kill(self) -> None:
        """End it as a power cut would: no handler runs, nothing is flushed."""
        assert self.process.poll() is None, self.errors.read_text()
        assert self.stop(signal.SIGKILL) == -signal.SIGKILL


@contextmanager
def serve(
    folder: Path, *options: str, run: type[InstalledHunch | LoadedHunch] = LoadedHunch, **settings: str
) -> Iterator[Server]:
    """A server over `hunch.db` of a folder, started but perhaps not ready; gone when the block is left."""
    output, errors = folder / "stdout", folder / "stderr"
    arguments = ["serve", "--port", "0", "--database", str(folder / "hunch.db"), *options]
    with (
        output.open("wb") as stdout,
        errors.open("wb") as stderr,
        run(arguments, stdout, stderr, **settings) as process,
    ):
        try:
            yield Server(process, output, errors)
        finally:
            process.kill()
