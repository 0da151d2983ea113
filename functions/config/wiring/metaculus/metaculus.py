"""The wiring of metaculus."""

from datetime import datetime

from domain.application.metaculus.list_forecasts import ListForecasts
from domain.application.metaculus.number_markets import FindNumbered, NumberMarkets
from domain.application.metaculus.place_forecast import PlaceForecast, Step
from domain.application.trading.place_order import PlaceOrderRequest, decide_order
from domain.model.trading.order import Order
from domain.port.out.store import Decision, View
from functions.adapter.in_.metaculus.use_cases import MetaculusUseCases
from functions.config.ports import Ports
from functions.config.wiring.discussion.post_comment import post_comment
from functions.config.wiring.history.list_prices import list_prices
from functions.config.wiring.trading.get_market import get_market
from functions.config.wiring.trading.list_markets import list_markets


def metaculus(ports: Ports) -> MetaculusUseCases:
    """The use cases of the surface over these ports."""
    return MetaculusUseCases(
        clock=ports.clock,
        find_numbered=FindNumbered(ports.store),
        get_market=get_market(ports, may_trail=False),
        list_forecasts=ListForecasts(ports.store),
        list_markets=list_markets(ports),
        list_prices=list_prices(ports),
        number_markets=NumberMarkets(ports.store),
        place_forecast=PlaceForecast(ports.commands, _trade),
        post_comment=post_comment(ports),
    )


def _trade(step: Step, view: View, now: datetime) -> Decision[Order]:
    """An order that is part of a forecast, decided as every order is."""
    return decide_order(PlaceOrderRequest(*step), view, now)
