"""Markets of lists as JSON, each rendered once for each state that it is shown in."""

import hashlib
from collections import OrderedDict

import msgspec

from domain.model.history.trend import Trend
from domain.model.trading.book import Listing
from functions.adapter.in_.http.market import MarketResponse

MOST_BYTES = 16 * 1024 * 1024
"""How much rendered JSON is kept."""

type State = bytes
"""A digest of all that the JSON of a market is made from: where that is the same, so is the JSON."""


def state_of(listing: Listing, trend: Trend | None) -> State:
    """The state in which a market is shown.

    It is taken of the whole of what is rendered, and not of counters: a status that changes with the time, a trend that
    changes by the hour, and another market of the name of a deleted draft are then no cases of their own.
    """
    return hashlib.blake2b(msgspec.json.encode((listing, trend)), digest_size=16).digest()


class MarketRenderer:
    """Renders markets, and keeps what it rendered last.

    Args:
        most_bytes: how much is kept; then what was not asked for the longest goes.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[State, bytes] = OrderedDict()
        self._bytes = 0

    def render(self, state: State, listing: Listing, trend: Trend | None) -> bytes:
        """A market as JSON.

        Args:
            state: its :func:`state_of`.
            listing: the market and its book.
            trend: its trend; None for a draft.
        """
        rendered = self._kept.get(state)
        if rendered is None:
            rendered = MarketResponse.of(listing, trend).model_dump_json().encode()
            self._keep(state, rendered)
        self._kept.move_to_end(state)
        return rendered

    def _keep(self, state: State, rendered: bytes) -> None:
        self._kept[state] = rendered
        self._bytes += len(rendered)
        while self._bytes > self._most_bytes and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= len(dropped)
