"""/metaculus/api, on Lambda."""

from functions.adapter.in_.lambda_.surface_handler import surface_handler
from functions.api.metaculus.metaculus.route import operations
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.metaculus.metaculus import metaculus

_ports = ports()

handler = surface_handler(
    "metaculus", operations(metaculus(_ports)) if _ports.settings.metaculus else (), rate_limits=rate_limits()
)
