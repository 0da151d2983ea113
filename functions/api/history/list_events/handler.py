"""GET /v1/markets/{slug}/events, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.history.list_events.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.history.list_events import list_events

handler = http_handler("list_events", create_route(list_events(ports())), rate_limits=rate_limits())
