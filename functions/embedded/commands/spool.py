"""Turning a list around that is too long for memory: it comes newest first and is read oldest first."""

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from typing import Self

import msgspec

from domain.model.trading.trade import Trade


class TradeSpool:
    """Pages of trades in a file without a name, which is gone when the block is left."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="hunch-")  # noqa: SIM115 -- __exit__ closes it
        self._ends = array("q", [0])
        self._decoder = msgspec.json.Decoder(tuple[Trade, ...])
        self.count = 0

    def add(self, page: Sequence[Trade]) -> None:
        """Keep a page, which is older than all that were added before."""
        self._ends.append(self._ends[-1] + self._file.write(msgspec.json.encode(page)))
        self.count += len(page)

    def oldest_first(self) -> Iterator[Trade]:
        """Every trade; only one page of them is in memory at a time."""
        for begin, end in zip(reversed(self._ends[:-1]), reversed(self._ends[1:]), strict=True):
            self._file.seek(begin)
            yield from reversed(self._decoder.decode(self._file.read(end - begin)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
