"""Comments as items."""

from domain.model.discussion.comment import Comment, Commenter
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout, Row, personal_place


def comment_place(market: str, id_: str) -> ItemKey:
    """Where a comment is: in a partition of its market's comments alone, in the order of their ids."""
    return ItemKey(f"N#{market}", f"N#{id_}")


def _personal_rows(comment: Comment) -> tuple[Row, ...]:
    """Among what its author has left."""
    place = personal_place(comment.account, f"N#{comment.market}#{comment.id}")
    return (Row(place, (("market", comment.market), ("comment", comment.id))),)


LAYOUTS = (
    Layout(Comment, comment_place, rows=_personal_rows),
    Layout(Commenter, lambda account: ItemKey(f"A#{account}", "COMMENTS")),
)
