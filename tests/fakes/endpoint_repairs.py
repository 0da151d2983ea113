"""Two things that the local endpoint does otherwise than AWS, put right in the process that serves it.

Without them a test that waits for a ring fails on a busy machine: a ring that takes longer than its client waits is
reported as lost, and then lost for good.
"""

import threading
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_HAS_CHANGED = "The endpoint does this in another way now: see whether the repair is still needed."


def repair(folder: Path) -> None:
    """Put both right.

    Args:
        folder: where unpacked bundles are kept; functions read them and write nothing there.
    """
    _share_unpacked(folder)
    _repeat_failed_records()


def _share_unpacked(folder: Path) -> None:
    """Unpack each bundle once.

    The endpoint starts a process for each function, unpacks the function's bundle for it, and does so again after each
    deploy. Some fifty functions share three bundles of 1 500 to 3 500 files, and meanwhile the one thread that reads
    all streams and queues waits.
    """
    runtime: Any = import_module("ministack.core.lambda_runtime")
    assert runtime.zipfile is zipfile, _HAS_CHANGED
    runtime.zipfile = SimpleNamespace(
        ZipFile=lambda path: _SharedBundle(path, folder),
        BadZipFile=zipfile.BadZipFile,
        LargeFileError=zipfile.LargeZipFile,
    )


class _SharedBundle(zipfile.ZipFile):
    """A bundle that is unpacked once, and found there by a link from then on."""

    _unpacking = threading.Lock()

    def __init__(self, path: str, copies: Path) -> None:
        super().__init__(path)
        self._copies = copies

    def extractall(
        self,
        path: Any = None,
        members: Iterable[str | zipfile.ZipInfo] | None = None,
        pwd: bytes | None = None,
    ) -> None:
        """Put a link in the place of an empty folder."""
        copy = self._copies / _name_of(self)
        with self._unpacking:
            if not copy.exists():
                parts = copy.with_suffix(".parts")
                super().extractall(parts, members, pwd)
                parts.rename(copy)
        Path(path).rmdir()
        Path(path).symlink_to(copy, target_is_directory=True)


def _name_of(bundle: zipfile.ZipFile) -> str:
    """A name of the content."""
    content = [(item.filename, item.CRC, item.external_attr) for item in bundle.infolist()]
    return sha256(repr(content).encode()).hexdigest()


def _repeat_failed_records() -> None:
    """Deliver records of a stream again that a function says it has failed at (ReportBatchItemFailures).

    AWS goes on with the first of them. The endpoint listens to such answers where messages come from a queue, and
    passes over them where records come from a stream; here it delivers the batch once more, as after an error.
    """
    functions: Any = import_module("ministack.services.lambda_svc")
    execute = functions._execute_function

    def execute_and_listen(function: Any, event: Any) -> Any:
        is_stream = _is_of_a_stream(event)
        result = execute(function, event)
        said = result.get("body")
        if is_stream and isinstance(said, Mapping) and said.get("batchItemFailures"):
            return {**result, "error": True, "body": {"errorType": "BatchItemFailures", "errorMessage": str(said)}}
        return result

    functions._execute_function = execute_and_listen


def _is_of_a_stream(event: Any) -> bool:
    records: list[Any] = (isinstance(event, Mapping) and event.get("Records")) or []
    return any(record.get("eventSource") == "aws:dynamodb" for record in records)
