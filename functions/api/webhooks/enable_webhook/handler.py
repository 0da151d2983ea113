"""POST /v1/webhooks/{id}/enable, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.enable_webhook.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.enable_webhook import enable_webhook

handler = http_handler("enable_webhook", create_route(enable_webhook(ports())), rate_limits=rate_limits())
