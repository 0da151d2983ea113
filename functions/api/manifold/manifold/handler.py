"""/v0 and /api/v0, on Lambda."""

from functions.adapter.in_.lambda_.surface_handler import surface_handler
from functions.api.manifold.manifold.route import operations
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.manifold.manifold import manifold

_ports = ports(threads=True)

handler = surface_handler(
    "manifold", operations(manifold(_ports)) if _ports.settings.manifold else (), rate_limits=rate_limits()
)
