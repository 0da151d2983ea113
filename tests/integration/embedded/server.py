"""A real `hunch serve` in a process of its own, as a person starts it."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

import httpx

HUNCH = str(Path(sys.executable).with_name("hunch"))
DEADLINE_SECONDS = 30.0
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


class HunchProcess(subprocess.Popen[bytes]):
    """The installed command, started.

    Args:
        arguments: what follows `hunch`.
        output: where its output goes.
        errors: where its errors go.
        settings: the settings of Hunch in its environment.
    """

    def __init__(self, arguments: Sequence[str], output: IO[bytes], errors: IO[bytes], **settings: str) -> None:
        super().__init__([HUNCH, *arguments], stdout=output, stderr=errors, env=environment(**settings))


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
        HunchProcess(arguments, output, errors, **settings) as process,
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

    process: subprocess.Popen[bytes]
    output: Path
    errors: Path

    @property
    def url(self) -> str:
        """Where it answers, by its own word; waits until it has said so."""
        wait_until(lambda: bool(_FIRST_LINE.search(self.output.read_text())) or self.process.poll() is not None)
        said = _FIRST_LINE.search(self.output.read_text())
        assert said, self.errors.read_text()
        return said["url"]

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
def serve(folder: Path, *options: str) -> Iterator[Server]:
    """A server over `hunch.db` of a folder, started but perhaps not ready; gone when the block is left."""
    output, errors = folder / "stdout", folder / "stderr"
    arguments = ["serve", "--port", "0", "--database", str(folder / "hunch.db"), *options]
    with output.open("wb") as stdout, errors.open("wb") as stderr, HunchProcess(arguments, stdout, stderr) as process:
        try:
            yield Server(process, output, errors)
        finally:
            process.kill()
