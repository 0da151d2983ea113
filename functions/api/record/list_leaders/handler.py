"""GET /v1/leaderboard, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.record.list_leaders.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.record.list_leaders import list_leaders

handler = http_handler("list_leaders", create_route(list_leaders(ports())), rate_limits=rate_limits())
