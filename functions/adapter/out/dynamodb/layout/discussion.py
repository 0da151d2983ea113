"""Comments as items."""

from domain.model.discussion.comment import Comment, Commenter
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout


def comment_place(market: str, id_: str) -> ItemKey:
    """Where a comment is: in a partition of its market's comments alone, in the order of their ids."""
    return ItemKey(f"N#{market}", f"N#{id_}")


LAYOUTS = (
    Layout(Comment, comment_place),
    Layout(Commenter, lambda account: ItemKey(f"A#{account}", "COMMENTS")),
)
