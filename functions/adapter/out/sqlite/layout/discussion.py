"""Comments as rows."""

from operator import attrgetter

from domain.model.discussion.comment import Comment, Commenter
from functions.adapter.out.sqlite.layout.table import Table

TABLES = (
    Table(Comment, "comments", ("market", "id"), {"account": attrgetter("account")}),
    Table(Commenter, "commenters", ("account",)),
)
