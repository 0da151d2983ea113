"""Numbers of markets and forecasts as items."""

from domain.model.metaculus.forecast import Forecasts
from domain.model.metaculus.post import Post
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout

LAYOUTS = (
    Layout(Post, lambda id_: ItemKey(f"I#{id_}", "POST")),
    Layout(Forecasts, lambda account, market: ItemKey(f"F#{account}", f"F#{market}")),
)
