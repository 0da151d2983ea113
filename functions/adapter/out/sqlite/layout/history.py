"""Price histories as rows."""

from domain.model.history.candle import Candle, PriceHistory
from functions.adapter.out.sqlite.layout.table import Table

TABLES = (
    Table(Candle, "candles", ("market", "interval", "start")),
    Table(PriceHistory, "price_histories", ("market",)),
)
