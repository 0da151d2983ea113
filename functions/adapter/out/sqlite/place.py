"""Whether the file that is open is still the one that others find."""

import os
from pathlib import Path

from functions.adapter.out.sqlite.trouble import MovedError


class Place:
    """Where a file was when it was opened.

    Args:
        path: the file, which is there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._identity = _identify(path)

    def require_same_file(self) -> None:
        """See that the path still leads to the file: what is written to another one is gone with this process.

        Raises:
            MovedError: the file was removed or renamed, or another one was put in its place.
        """
        try:
            found = _identify(self._path)
        except OSError as error:
            raise MovedError from error
        if found != self._identity:
            raise MovedError


def _identify(path: Path) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116 -- before every transaction: twice as fast as the method of a path
    return found.st_dev, found.st_ino
