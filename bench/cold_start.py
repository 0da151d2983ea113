"""How long each function takes to start from its bundle, beside a handler that only makes a boto3 client.

Run as ``python -m bench.cold_start [rounds]`` after ``make bundles``; default 5 rounds. Each start is a process under
Lambda's own runtime client (``tests/fakes/lambda_environment.py``) with nothing but the bundle, measured from the start
of the process to its first request for an event. The peer is the same runtime client over the event bundle's packages,
boto3 and what only boto3 needs, and a handler of three lines. Every round starts the peer and each function once, in
turn, so that whatever else this machine does meets all of them; figures are medians, and a ratio is to the median of
the peer in the same run. On Lambda the times differ, the ratios less so.
"""

import compileall
import importlib
import importlib.metadata
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode

from functions.registry import DOORBELLS, FUNCTIONS, Profile
from infra.bundles import Bundle, profiles
from tests.fakes.lambda_environment import start_environment, unpacked

DEFAULT_ROUNDS = 5
PEER = "bare boto3 client"
FOLDER = Path("build/bundles")
ARCHITECTURE = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
_UNCHECKED = PycInvalidationMode.UNCHECKED_HASH
"""As the files of a bundle are compiled."""
_HANDLER = """\
import boto3
client = boto3.client("dynamodb")
def handler(event, context): return event
"""
VARIABLES = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "CORE_TABLE": "core",
    "LEDGER_TABLE": "ledger",
    **{DOORBELLS[name].variable: "http://127.0.0.1:9/queue" for function in FUNCTIONS for name in function.rings},
}


@contextmanager
def peer(task: Path) -> Iterator[Path]:
    """A folder with the packages of a bundle, boto3, none of our code, and a handler of three lines."""
    with tempfile.TemporaryDirectory(prefix="hunch-peer-") as folder:
        for path in task.iterdir():
            if path.name not in {"domain", "functions"}:
                (Path(folder) / path.name).symlink_to(path)
        add_packages(Path(folder), "boto3", "s3transfer")
        (Path(folder) / "bare.py").write_text(_HANDLER)
        yield Path(folder)


def add_packages(folder: Path, *packages: str) -> None:
    """Copy packages of this environment into a folder, with their metadata, and compile them as a bundle's are."""
    distributions = importlib.metadata.packages_distributions()
    for package in packages:
        source = Path(importlib.import_module(package).__path__[0])
        shutil.copytree(source, folder / package, ignore=shutil.ignore_patterns("data", "__pycache__"))
        compileall.compile_dir(folder / package, quiet=2, invalidation_mode=_UNCHECKED)
        for name in set(distributions[package]):
            for metadata in source.parent.glob(f"{name.replace('-', '_')}-*.dist-info"):
                shutil.copytree(metadata, folder / metadata.name)


def measure(rounds: int, bundles: Mapping[Profile, Path]) -> Mapping[str, float]:
    """The median seconds of each start, by the function's name."""
    seconds: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as stack:
        tasks = {profile: stack.enter_context(unpacked(path)) for profile, path in bundles.items()}
        bare = stack.enter_context(peer(tasks[Profile.EVENT]))
        starts = [(PEER, bare, "bare.handler")]
        starts += [(function.name, tasks[function.profile], function.handler) for function in FUNCTIONS]
        for _ in range(rounds):
            for name, task, handler in starts:
                with start_environment(task, handler, VARIABLES) as environment:
                    seconds[name].append(environment.wait_until_ready())
    return {name: statistics.median(times) for name, times in seconds.items()}


def report(medians: Mapping[str, float], bundles: Mapping[Profile, Path]) -> Iterator[str]:
    """The two tables, as Markdown."""
    yield "| bundle | MB zipped | functions |"
    yield "|---|---|---|"
    for profile, path in bundles.items():
        number = sum(function.profile is profile for function in FUNCTIONS)
        yield f"| {profile.value}, {ARCHITECTURE} | {Bundle(path, 0).packed_bytes / 1e6:.1f} | {number} |"
    yield ""
    yield "| function | bundle | ms | × the peer |"
    yield "|---|---|---|---|"
    profile_of = {function.name: function.profile.value for function in FUNCTIONS}
    for name, median in sorted(medians.items(), key=lambda item: item[1]):
        yield f"| {name} | {profile_of.get(name, '–')} | {median * 1000:.0f} | {median / medians[PEER]:.2f} |"


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROUNDS
    bundles = {profile: FOLDER / f"{profile.value}-{ARCHITECTURE}.zip" for profile in profiles()}
    load, processors = os.getloadavg()[0], os.cpu_count()
    sys.stdout.write(f"{processors} processors, load {load:.1f} before the start; {rounds} rounds\n\n")
    for line in report(measure(rounds, bundles), bundles):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
