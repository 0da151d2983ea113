"""/v0 and /api/v0, on Lambda."""

from functions.adapter.in_.http.authentication import Entrance
from functions.adapter.in_.lambda_.http_handler import surface_handler
from functions.adapter.in_.surface.application import SurfaceApp
from functions.api.manifold.manifold.route import create_surface
from functions.config.dynamodb import ports
from functions.config.wiring.manifold.manifold import manifold


def _create(entrance: Entrance) -> SurfaceApp:
    made = ports(threads=True)
    return create_surface(manifold(made), entrance, is_on=made.settings.manifold)


handler = surface_handler("manifold", _create)
