"""Comments as the API shows them."""

from typing import Self

from domain.model.discussion.comment import Comment, CommentHolding
from domain.model.kernel.notation import format_micros, format_time
from functions.adapter.in_.http.schemas import Decimal, ResponseBody, Time


class CommentHoldingResponse(ResponseBody):
    """What the author held most of."""

    outcome: str
    quantity: Decimal

    @classmethod
    def of(cls, holding: CommentHolding) -> Self:
        """The answer for a holding."""
        return cls(outcome=holding.outcome, quantity=format_micros(holding.quantity))


class CommentResponse(ResponseBody):
    """A comment; ``holding`` is the author's largest when it was written."""

    id: str
    market: str
    account: str
    text: str
    holding: CommentHoldingResponse | None
    created_at: Time

    @classmethod
    def of(cls, comment: Comment) -> Self:
        """The answer for a comment."""
        return cls(
            id=comment.id,
            market=comment.market,
            account=comment.account,
            text=comment.text,
            holding=CommentHoldingResponse.of(comment.holding) if comment.holding else None,
            created_at=format_time(comment.created_at),
        )
