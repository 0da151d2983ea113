"""Delete a comment: it is gone from the list and from the store."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.application.shared.visibility import require_visible
from domain.model.discussion.comment import Comment, Commenter, drop_comment
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import CommentNotFoundError, ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.market import Market
from domain.port.out.store import Decision, Need, Outcome, Remove, Replace, Store, View


class DeleteCommentRequest(NamedTuple):
    """Which comment, and who asks: its author, or an admin."""

    caller: Caller
    slug: str
    id: str


class DeleteCommentResult(NamedTuple):
    """It is gone."""


class DeleteComment:
    """The use case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: DeleteCommentRequest) -> DeleteCommentResult:
        """Remove it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            MarketNotFoundError: there is no such market for this caller.
            CommentNotFoundError: the market has no such comment.
            ForbiddenError: it is somebody else's, and the caller no admin.
        """
        caller, slug = request.caller, request.slug
        market, key = key_for(Market, slug), key_for(Comment, slug, request.id)

        def decide(view: View, _: datetime) -> Decision[DeleteCommentResult]:
            require_account(view, caller)
            require_visible(view.get(market), slug, caller)
            comment = view.get(key)
            if comment is None:
                if view.is_in_doubt:  # an earlier attempt of ours has removed it
                    return Outcome(DeleteCommentResult())
                raise CommentNotFoundError(request.id)
            if caller.account != comment.account and not caller.is_admin:
                raise ForbiddenError("Only its author or an admin may delete a comment.")
            author = key_for(Commenter, comment.account)
            if not view.has_read(author):
                return Need((author,))
            commenter = view.get(author)
            counted = (Replace(drop_comment(commenter), read=commenter),) if commenter else ()
            return Outcome(DeleteCommentResult(), (Remove(comment), *counted))

        return await self._store.transact([key_for(Account, caller.account), market, key], decide)
