"""/metaculus/api, on Lambda."""

from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.lambda_.http_handler import surface_handler
from functions.adapter.in_.surface.application import SurfaceApp
from functions.api.metaculus.metaculus.route import create_surface
from functions.config.dynamodb import ports
from functions.config.wiring.metaculus.metaculus import metaculus


def _create(entrance: Entrance) -> SurfaceApp:
    made = ports()
    return create_surface(metaculus(made), entrance, is_on=made.settings.metaculus)


handler = surface_handler("metaculus", _create)
