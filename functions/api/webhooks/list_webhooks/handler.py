"""GET /v1/webhooks, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.list_webhooks.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.list_webhooks import list_webhooks

handler = http_handler("list_webhooks", create_route(list_webhooks(ports())), rate_limits=rate_limits())
