"""Comments under a market, and how many an account may write."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.model.kernel.command import answer
from domain.model.kernel.errors import InvalidFieldError, LimitExceededError, TooManyRequestsError
from domain.model.kernel.record import record
from domain.model.trading.market import Market
from domain.model.trading.position import Position

MAX_COMMENT = 2_000
COMMENTS, WINDOW = 10, timedelta(minutes=1)
"""So many comments an account may write within that time."""
MAX_COMMENTS = 5_000
"""So many comments an account may have, under all markets: eight hours of writing, and 40 MB at most."""


class InvalidCommentError(InvalidFieldError):
    """A comment is blank or too long."""

    field = "text"


@dataclass(frozen=True, slots=True)
class CommentHolding:
    """What an author held most of: positive micro-shares of an outcome."""

    outcome: str
    quantity: int


@answer("Comment")
@record("comment", key=("market", "id"), counters=("version",))
@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote under a market.

    Args:
        market: the market's slug.
        id: 28 hex digits; those of later comments are greater.
        account: who wrote it.
        text: 1 to 2 000 characters, kept as they were sent.
        holding: the author's largest holding of the market at that time, None without one.
        created_at: when.
        version: counts its forms, from 1.
    """

    market: str
    id: str
    account: str
    text: str
    holding: CommentHolding | None
    created_at: datetime
    version: int = 1


@record("commenter", key=("account",), counters=("version",))
@dataclass(frozen=True, slots=True)
class Commenter:
    """How much an account has written lately, by the generic cell rate algorithm.

    Args:
        account: whose it is.
        paid_off_at: until when its comments are paid off; one costs WINDOW / COMMENTS.
        version: counts its changes.
        comments: how many comments it has; those written before anybody counted are not in it.
    """

    account: str
    paid_off_at: datetime
    version: int
    comments: int = 0


class Author(NamedTuple):
    """Who writes: an account, and its position in the market, if it has one."""

    account: str
    position: Position | None


def write_comment(market: Market, id_: str, text: str, author: Author, now: datetime) -> Comment:
    """A new comment, with what its author holds.

    Raises:
        InvalidCommentError: the text is blank, or too long.
    """
    if not text.strip() or len(text) > MAX_COMMENT or "\x00" in text:
        raise InvalidCommentError(f"must have 1 to {MAX_COMMENT} characters, not only blanks, and no NUL")
    return Comment(market.slug, id_, author.account, text, _largest_holding(market, author.position), now)


def count_comment(account: str, commenter: Commenter | None, now: datetime) -> Commenter:
    """The account after one more comment.

    Raises:
        TooManyRequestsError: it has written a window's worth already.
        LimitExceededError: it has MAX_COMMENTS.
    """
    before = commenter or Commenter(account, now, 0)
    paid_off_at = max(before.paid_off_at, now) + WINDOW / COMMENTS
    wait = paid_off_at - WINDOW - now
    if wait > timedelta():
        raise TooManyRequestsError(math.ceil(wait.total_seconds()))
    if before.comments >= MAX_COMMENTS:
        raise LimitExceededError(f"You have {MAX_COMMENTS} comments, the most there may be. Delete some.")
    return replace(before, paid_off_at=paid_off_at, version=before.version + 1, comments=before.comments + 1)


def drop_comment(commenter: Commenter) -> Commenter:
    """The account with one comment less."""
    return replace(commenter, comments=max(0, commenter.comments - 1), version=commenter.version + 1)


def _largest_holding(market: Market, position: Position | None) -> CommentHolding | None:
    """The outcome of which most shares are held; of equal ones the first."""
    if position is None or not position.is_held:
        return None
    quantity = max(position.quantities)
    return CommentHolding(market.outcomes[position.quantities.index(quantity)], quantity)
