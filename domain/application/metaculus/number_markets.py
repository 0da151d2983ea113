"""Give markets numbers, and find the market of a number."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from domain.model.kernel.errors import ContentionError, MarketNotFoundError
from domain.model.kernel.record import key_for
from domain.model.metaculus.post import ATTEMPTS, Post, number_of
from domain.port.out.store import Decision, Insert, Need, Outcome, Store, View


class NumberMarketsRequest(NamedTuple):
    """Which published markets: at most 100, by slug."""

    slugs: Sequence[str]


class NumberMarketsResult(NamedTuple):
    """Their numbers, by slug."""

    numbers: Mapping[str, int]


class NumberMarkets:
    """A market gets its number when somebody is first shown it, so that markets of earlier releases get theirs too.

    One read where all have theirs.

    Args:
        store: where numbers are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: NumberMarketsRequest) -> NumberMarketsResult:
        """Read their numbers, and give one to those that have none.

        Raises:
            ContentionError: one could not be stored.
        """
        keys = {slug: key_for(Post, number_of(slug)) for slug in request.slugs}
        view = await self._store.read(*dict.fromkeys(keys.values()))
        posts = {slug: view.get(key) for slug, key in keys.items()}
        numbers = {slug: post.id for slug, post in posts.items() if post is not None and post.market == slug}
        for slug in keys.keys() - numbers.keys():
            numbers[slug] = await self._store.transact([keys[slug]], partial(_number, slug))
        return NumberMarketsResult(numbers)


def _number(slug: str, view: View, _: datetime) -> Decision[int]:
    """The first number of the market's own that no other has."""
    for attempt in range(ATTEMPTS):
        number = number_of(slug, attempt)
        key = key_for(Post, number)
        if not view.has_read(key):
            return Need((key,))
        post = view.get(key)
        if post is None:
            return Outcome(number, (Insert(Post(number, slug)),))
        if post.market == slug:
            return Outcome(number)
    raise ContentionError(f"The market {slug!r} finds no number that is free.")


class FindNumberedRequest(NamedTuple):
    """Which number."""

    number: int


class FindNumberedResult(NamedTuple):
    """The slug of its market."""

    slug: str


class FindNumbered:
    """One read by key.

    Args:
        store: where numbers are.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: FindNumberedRequest) -> FindNumberedResult:
        """Find the market that has a number.

        Raises:
            MarketNotFoundError: none was shown with it.
        """
        key = key_for(Post, request.number)
        post = (await self._store.read(key)).get(key)
        if post is None:
            raise MarketNotFoundError(str(request.number))
        return FindNumberedResult(post.market)
