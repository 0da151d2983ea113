"""A progress bar for what may take longer than a moment, on a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(label: str, length: int, *, hidden: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while the block lasts, and how to move it on; nothing where nobody is watching.

    Args:
        label: what is being done.
        length: how many steps there are.
        hidden: whether it would be in the way of what is shown on the same terminal.
    """
    errors = sys.stderr
    is_hidden = hidden or errors is None or not errors.isatty()  # None: there is no standard error
    with click.progressbar(length=length, label=label, file=errors, hidden=is_hidden, show_pos=True) as bar:
        yield bar.update
