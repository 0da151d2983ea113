"""The migration that gives price histories their last hours, from the candles that are there already."""

import json
import sqlite3

KEPT = 25
"""As many as a price history keeps."""


def fill_hours(connection: sqlite3.Connection) -> None:
    """Add the closing prices of the last hours in which somebody traded to every price history."""
    query = """SELECT document FROM candles WHERE market = ? AND interval = '1h' ORDER BY start DESC LIMIT ?"""
    for (market,) in connection.execute("SELECT market FROM price_histories").fetchall():
        candles = [json.loads(text) for (text,) in connection.execute(query, (market, KEPT)).fetchall()]
        hours = [[candle["start"], [range_[-1] for range_ in candle["ranges"]]] for candle in reversed(candles)]
        connection.execute(
            "UPDATE price_histories SET document = json_set(document, '$.hours', json(?)) WHERE market = ?",
            (json.dumps(hours), market),
        )
