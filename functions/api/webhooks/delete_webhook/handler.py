"""DELETE /v1/webhooks/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.delete_webhook.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.delete_webhook import delete_webhook

handler = http_handler("delete_webhook", create_route(delete_webhook(ports())), rate_limits=rate_limits())
