"""GET /v1/health, on Lambda."""

from domain.application.instance.get_health import GetHealth
from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.adapter.out.system.condition import Untroubled
from functions.api.instance.get_health.route import create_route
from functions.config.release import VERSION

handler = http_handler("get_health", create_route(GetHealth(VERSION, Untroubled())))
