"""A Lambda execution environment: a built bundle under the real runtime client, in a process that has nothing else."""

import itertools
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, override

PATIENCE_SECONDS = 120
_API = "/2018-06-01/runtime/"
_RUNTIME_PACKAGES = ("awslambdaric", "simplejson", "snapshot_restore_py", "runtime_client")

# -I and -S: no environment variable, no user's and no installed package gets in but what Lambda itself has.
_BOOTSTRAP = """
import sys
runtime, task, handler = sys.argv[1:]
sys.path[:0] = [task, runtime]
sys.argv = ["bootstrap", handler]
import runpy
runpy.run_module("awslambdaric", run_name="__main__")
"""


class Answer(NamedTuple):
    """What an invocation came to.

    Args:
        content: what the handler returned, or the error it raised.
        is_error: whether it raised one.
    """

    content: Any
    is_error: bool


@dataclass
class _Exchange:
    """What goes back and forth between the runtime client and the one who invokes."""

    events: "queue.Queue[Any]" = field(default_factory=queue.Queue)
    answers: "queue.Queue[Answer]" = field(default_factory=queue.Queue)
    ready_at: "queue.Queue[float]" = field(default_factory=queue.Queue)
    numbers: Iterator[int] = field(default_factory=itertools.count)


@dataclass
class LambdaEnvironment:
    """One environment, warm after its first event."""

    exchange: _Exchange
    process: "subprocess.Popen[bytes]"
    started_at: float

    def wait_until_ready(self) -> float:
        """How many seconds it took from the start of the process to the first request for an event."""
        return self._take(self.exchange.ready_at) - self.started_at

    def invoke(self, event: object) -> Answer:
        """Send an event, and wait for what comes of it."""
        self.exchange.events.put(event)
        return self._take(self.exchange.answers)

    def _take[T](self, source: "queue.Queue[T]") -> T:
        for _ in range(PATIENCE_SECONDS):
            try:
                return source.get(timeout=1)
            except queue.Empty:
                assert self.process.poll() is None, f"the environment ended with {self.process.returncode}"
        raise TimeoutError(f"no answer in {PATIENCE_SECONDS} seconds")


@contextmanager
def unpacked(bundle: Path) -> Iterator[Path]:
    """A bundle as Lambda has it on disk."""
    with tempfile.TemporaryDirectory(prefix="hunch-task-") as folder, zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
        yield Path(folder)


@contextmanager
def start_environment(task: Path, handler: str, variables: Mapping[str, str]) -> Iterator[LambdaEnvironment]:
    """Start an environment.

    Args:
        task: the folder of the unpacked bundle.
        handler: the dotted path of the handler.
        variables: of the function.
    """
    exchange = _Exchange()
    with _serve(exchange) as port, _runtime_packages() as runtime, tempfile.TemporaryFile() as output:
        reserved = {
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}",
            "_HANDLER": handler,
            "LAMBDA_TASK_ROOT": str(task),
            "AWS_LAMBDA_FUNCTION_NAME": "function",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1",
            "TZ": ":UTC",
        }
        started_at = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- all of its words are ours
            [_interpreter(), "-I", "-S", "-c", _BOOTSTRAP, str(runtime), str(task), handler],
            cwd=task,
            env={**reserved, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield LambdaEnvironment(exchange, process, started_at)
        except (AssertionError, TimeoutError) as error:
            output.seek(0)
            error.add_note(output.read().decode(errors="replace"))
            raise
        finally:
            process.kill()
            process.wait()


@contextmanager
def _runtime_packages() -> Iterator[Path]:
    """A folder of what the runtime brings, and nothing that is installed beside it here."""
    with tempfile.TemporaryDirectory(prefix="hunch-runtime-") as folder:
        for name in _RUNTIME_PACKAGES:
            spec = find_spec(name)
            assert spec is not None
            assert spec.origin is not None
            origin = Path(spec.origin)
            source = origin.parent if spec.submodule_search_locations else origin
            (Path(folder) / source.name).symlink_to(source)
        yield Path(folder)


def _interpreter() -> str:
    """The interpreter without the environment of packages around it."""
    return str(getattr(sys, "_base_executable", sys.executable))


class _Server(ThreadingHTTPServer):
    block_on_close = False

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed says nothing more; any other error is one."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def _serve(exchange: _Exchange) -> Iterator[int]:
    """The Runtime API on loopback, and its port."""

    class RuntimeApi(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            exchange.ready_at.put(time.perf_counter())
            if (event := exchange.events.get()) is None:
                return
            number = next(exchange.numbers)
            headers = {
                "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{number:012}",
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + PATIENCE_SECONDS) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:function",
                "Content-Type": "application/json",
            }
            self._answer(200, json.dumps(event).encode(), headers)

        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "null")
            exchange.answers.put(Answer(content, is_error=self.path.endswith("/error")))
            if self.path == f"{_API}init/error":
                exchange.ready_at.put(time.perf_counter())
            self._answer(202, b'{"status":"OK"}', {})

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with _Server(("127.0.0.1", 0), RuntimeApi) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            exchange.events.put(None)
            server.shutdown()
            thread.join()
