"""Builds the code bundles that the stack deploys, one for each profile: ``python -m infra.bundles [-c name=value]``.

It takes the context as ``cdk`` does, so that it builds for the architecture that is going to be deployed, and says at
once what is wrong with an option.

A bundle holds the packages of its profile's lock file, for the architecture and not for this machine, and of our own
code the modules that its functions' handlers import, directly or not. Two builds of one state are the same to the bit.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import grimp

from functions.registry import FUNCTIONS, Profile
from infra.options import InvalidOptionError, Options

ROOT = Path(__file__).parents[1]
LIMIT_BYTES = 12_000_000
"""A bundle above that is a mistake: cold starts grow with it."""
AWS_SERVICES = frozenset({"dynamodb", "lambda", "sqs"})
_OWN_PACKAGES = ("domain", "functions")
_FOUND_BY_NAME = {"functions.adapter.out.dynamodb.layout"}
"""Packages whose modules are imported by name, so that none of them is named in an import: a bundle has them all."""
_PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
_PYTHON = "3.13"
_TASK_FOLDER = "/var/task"
_FIRST_DATE = (1980, 1, 1, 0, 0, 0)
_BUILD_ONLY = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
_UNUSED = ("*.pyi", "py.typed", "examples-1.json", ".lock")


class BundleTooLargeError(Exception):
    """A bundle holds more than it may."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle on disk.

    Args:
        path: of its zip file.
        unpacked_bytes: what its files take on Lambda.
    """

    path: Path
    unpacked_bytes: int

    @property
    def packed_bytes(self) -> int:
        """The size of its zip file."""
        return self.path.stat().st_size

    @property
    def digest(self) -> str:
        """The SHA-256 of its zip file."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def __str__(self) -> str:
        packed, unpacked = self.packed_bytes / 1e6, self.unpacked_bytes / 1e6
        return f"{self.path.stem:18} {packed:5.1f} MB zipped {unpacked:6.1f} MB unpacked  sha256 {self.digest[:16]}"


def profiles() -> list[Profile]:
    """The profiles that functions have, in a fixed order."""
    wanted = {function.profile for function in FUNCTIONS}
    return [profile for profile in Profile if profile in wanted]


def build(profile: Profile, architecture: str, folder: Path) -> Bundle:
    """Build the bundle of a profile.

    Args:
        profile: whose functions it is for.
        architecture: of the functions: arm64 or x86_64.
        folder: where to put it.

    Raises:
        BundleTooLargeError: it is larger than LIMIT_BYTES.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hunch-bundle-") as temporary:
        tree = Path(temporary)
        _install(profile, architecture, tree)
        _trim(tree)
        _copy_own_modules(profile, tree)
        _compile(tree)
        files = sorted(path for path in tree.rglob("*") if path.is_file())
        bundle = Bundle(folder / f"{profile.value}-{architecture}.zip", sum(path.stat().st_size for path in files))
        _zip(tree, files, bundle.path)
    if bundle.packed_bytes > LIMIT_BYTES:
        raise BundleTooLargeError(f"{bundle}: more than {LIMIT_BYTES / 1e6:.0f} MB zipped")
    return bundle


def _install(profile: Profile, architecture: str, tree: Path) -> None:
    """The packages of the profile's lock file, each checked against its hash."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert uv is not None, "make installs uv beside this interpreter"
    platform = ("--only-binary", ":all:", "--python-platform", _PLATFORMS[architecture], "--python-version", _PYTHON)
    hashed = ("--no-deps", "--require-hashes", "--link-mode", "copy")
    lock = ROOT / "requirements" / f"{profile.value}.lock"
    subprocess.run(  # noqa: S603 -- all of its words are ours
        (uv, "pip", "install", "--quiet", "--target", tree, *platform, *hashed, "--requirement", lock),
        check=True,
    )


def _trim(tree: Path) -> None:
    """Take out what no function reads: commands, typings, and the descriptions of AWS services that none calls."""
    shutil.rmtree(tree / "bin", ignore_errors=True)
    for pattern in _UNUSED:
        for path in tree.rglob(pattern):
            path.unlink()
    for information in tree.glob("*.dist-info"):
        for name in _BUILD_ONLY:
            (information / name).unlink(missing_ok=True)
    data = tree / "botocore" / "data"
    for service in data.iterdir():
        if service.is_dir() and service.name not in AWS_SERVICES:
            shutil.rmtree(service)
    _trim_endpoints(data / "endpoints.json")


def _trim_endpoints(path: Path) -> None:
    """Of botocore's endpoints, those of the services that are called."""
    endpoints = json.loads(path.read_text())
    for partition in endpoints["partitions"]:
        partition["services"] = {
            name: service for name, service in partition["services"].items() if name in AWS_SERVICES
        }
    path.write_text(json.dumps(endpoints))


def _copy_own_modules(profile: Profile, tree: Path) -> None:
    for module in own_modules(profile):
        file = Path(*module.split("."))
        source = ROOT / file / "__init__.py" if (ROOT / file).is_dir() else ROOT / file.with_suffix(".py")
        target = tree / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        if (ROOT / file).is_dir():
            for document in (ROOT / file).glob("*.json"):  # what a package reads at run time, such as openapi.json
                shutil.copyfile(document, target.parent / document.name)


def own_modules(profile: Profile) -> set[str]:
    """Our modules that the handlers of a profile import, directly or not, and the packages that they are in."""
    graph = grimp.build_graph(*_OWN_PACKAGES, exclude_type_checking_imports=True)
    handlers = {function.handler.rpartition(".")[0] for function in FUNCTIONS if function.profile is profile}
    found, new = set[str](), handlers
    while new:  # a module runs its packages first, which import others in turn
        found |= new
        imported = new.union(*(graph.find_upstream_modules(module) for module in new))
        imported |= {
            module for package in _FOUND_BY_NAME if package in imported for module in graph.find_children(package)
        }
        new = {parent for module in imported for parent in _with_parents(module)} - found
    return found


def _with_parents(module: str) -> Iterator[str]:
    while module:
        yield module
        module = module.rpartition(".")[0]


def _compile(tree: Path) -> None:
    """Byte code that is trusted without a look at the source: the folder on Lambda cannot be written, nor changes."""
    for cache in tree.rglob("__pycache__"):
        shutil.rmtree(cache)
    trusted = ("--invalidation-mode", "unchecked-hash")
    subprocess.run(  # noqa: S603 -- all of its words are ours
        (sys.executable, "-m", "compileall", "-q", *trusted, "-s", tree, "-p", _TASK_FOLDER, tree),
        check=True,
        env={"PYTHONHASHSEED": "0"},  # sets among the constants are written in the order of their hashes
    )


def _zip(tree: Path, files: Iterable[Path], target: Path) -> None:
    """The same bytes for the same files, whenever they were written."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in files:
            entry = zipfile.ZipInfo(str(file.relative_to(tree)), _FIRST_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o100644 << 16
            archive.writestr(entry, file.read_bytes())


def context_of(arguments: Iterable[str]) -> Mapping[str, object]:
    """The context of cdk.json and of the command line of ``cdk``, whose other words are passed over."""
    parser = argparse.ArgumentParser(prog="python -m infra.bundles", description="Build the code bundles.")
    parser.add_argument("-c", "--context", action="append", default=[], metavar="name=value")
    given, _ = parser.parse_known_args(list(arguments))
    pairs = (text.partition("=") for text in given.context)
    return {**json.loads((ROOT / "cdk.json").read_text())["context"], **{name: value for name, _, value in pairs}}


def main() -> None:
    """Build every profile's bundle for the architecture of the context, and say how large they are."""
    try:
        options = Options.from_context(context_of(sys.argv[1:]))
    except InvalidOptionError as error:
        sys.exit(f"cdk.json, or -c on the command line: {error}")
    for profile in profiles():
        print(build(profile, options.architecture, ROOT / options.bundles))  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
