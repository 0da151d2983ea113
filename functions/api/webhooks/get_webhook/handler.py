"""GET /v1/webhooks/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.get_webhook.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.get_webhook import get_webhook

handler = http_handler("get_webhook", create_route(get_webhook(ports())), rate_limits=rate_limits())
