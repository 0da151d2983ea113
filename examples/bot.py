"""A bot that trades every open market to its own probabilities; replace `forecast`. HUNCH_TOKEN holds its key.

python examples/bot.py http://127.0.0.1:8000
"""

import os
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hunch_client import Hunch, Market, ProblemError

type Forecast = Callable[[Market], Mapping[str, float]]


def forecast(market: Market) -> Mapping[str, float]:
    """How likely each outcome is: here, the prices drawn a tenth of the way to the middle."""
    return {name: float(price) * 0.9 + 0.1 / len(market.prices) for name, price in market.prices.items()}


def trade(hunch: Hunch, slug: str, believe: Forecast) -> None:
    """Sell what is dearer than believed, then buy what is cheaper, with at most a twentieth of the balance each."""
    limits = {name: Decimal(f"{min(0.999, max(0.001, p)):.6f}") for name, p in believe(hunch.market(slug)).items()}
    portfolio = hunch.portfolio()
    held = {position.outcome: position.quantity for position in portfolio.positions if position.market == slug}
    stake = Decimal(f"{portfolio.balance / 20:.6f}")
    for name, limit in limits.items():
        if name in held:
            _place(hunch, slug, name, limit_price=limit, side="sell", quantity=held[name])
    for name, limit in limits.items():
        _place(hunch, slug, name, limit_price=limit, spend=stake)


def _place(hunch: Hunch, slug: str, outcome: str, **order: Any) -> None:  # noqa: ANN401 -- what place_order takes
    try:
        hunch.place_order(slug, outcome, time_in_force="immediate_or_cancel", **order)
    except ProblemError as problem:
        if problem.code != "price-limit-exceeded":  # the price is on the other side of the belief already
            raise


if __name__ == "__main__":
    with Hunch(sys.argv[1], os.environ["HUNCH_TOKEN"]) as client:
        for open_market in client.markets(status="ACTIVE"):
            trade(client, open_market.slug, forecast)
