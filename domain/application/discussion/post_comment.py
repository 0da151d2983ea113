"""Write a comment under a market."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Abridgement, Commands
from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.model.admission.api_key import new_id
from domain.model.discussion.comment import Author, Comment, Commenter, count_comment, write_comment
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import MarketNotOpenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.market import Market, MarketStatus
from domain.model.trading.position import Position
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, View


class PostCommentRequest(NamedTuple):
    """What to write where, and who asks."""

    caller: Caller
    slug: str
    text: str
    idempotency: Idempotency


class PostCommentResult(NamedTuple):
    """The comment, and whether this is an answer given before."""

    comment: Comment
    replayed: bool


class PostComment:
    """An account writes at most ten comments a minute, and keeps at most 5 000."""

    def __init__(self, commands: Commands, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock

    async def execute(self, request: PostCommentRequest) -> PostCommentResult:
        """Write it, with what its author holds at that moment.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            MarketNotOpenError: it is a draft.
            InvalidCommentError: the text is none.
            TooManyRequestsError: the caller has written much lately.
            LimitExceededError: the caller has as many comments as there may be.
        """
        author, slug = request.caller.account, request.slug
        id_ = new_id(self._clock.now())
        keys = (
            key_for(Account, author),
            key_for(Market, slug),
            key_for(Position, author, slug),
            key_for(Commenter, author),
        )
        reply = await self._commands.run(
            author,
            request.idempotency,
            Comment,
            keys,
            lambda view, now: _decide(request, id_, view, now),
            abridgement=Abridgement(
                lambda comment: replace(comment, text=""), lambda comment: replace(comment, text=request.text)
            ),
        )
        return PostCommentResult(reply.answer, reply.replayed)


def _decide(request: PostCommentRequest, id_: str, view: View, now: datetime) -> Decision[Comment]:
    author, slug = request.caller.account, request.slug
    require_account(view, request.caller)
    market = require_visible(view.get(key_for(Market, slug)), slug, request.caller)
    if market.status is MarketStatus.DRAFT:
        raise MarketNotOpenError(f"The market {slug!r} is a draft. Publish it first.")
    who = Author(author, view.get(key_for(Position, author, slug)))
    comment = write_comment(market, id_, request.text, who, now)
    commenter = view.get(key_for(Commenter, author))
    counted = count_comment(author, commenter, now)
    return Outcome(comment, (Insert(comment), Replace(counted, read=commenter) if commenter else Insert(counted)))
