"""GET /v1/health, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.instance.get_health.route import create_router
from functions.config.dynamodb import ports
from functions.config.wiring.instance.get_health import get_health

handler = http_handler("get_health", create_router(get_health(ports())))
