"""Numbers of markets and forecasts as rows."""

from domain.model.metaculus.forecast import Forecasts
from domain.model.metaculus.post import Post
from functions.adapter.out.sqlite.layout.table import Table

TABLES = (
    Table(Post, "posts", ("id",)),
    Table(Forecasts, "forecasts", ("account", "market")),
)
