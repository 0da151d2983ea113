"""Where an export goes: standard output, or a file that is there once it is whole."""

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

STANDARD_OUTPUT = Path("-")


@contextmanager
def open_output(path: Path) -> Iterator[BinaryIO]:
    """A stream that ends in the place named, if the block does; otherwise what was there before stays.

    A file is written beside its place, readable for its owner alone, and moved there when it is whole. What is no
    ordinary file, such as a pipe, is written straight away.

    Raises:
        click.ClickException: it cannot be written there.
    """
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with _open_file(path) as file:
            yield file
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror or error}") from error


@contextmanager
def _open_file(path: Path) -> Iterator[BinaryIO]:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        with path.open("wb") as stream:
            yield stream
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        # Of its owner's alone: a journal is nobody else's business, and the umask of most people lets everybody read.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            yield stream
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
