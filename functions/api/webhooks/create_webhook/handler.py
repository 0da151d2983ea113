"""POST /v1/webhooks, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.create_webhook.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.webhooks import create_webhook_sender
from functions.config.wiring.webhooks.create_webhook import create_webhook

handler = http_handler(
    "create_webhook",
    create_route(create_webhook(ports(create_webhook_sender=create_webhook_sender))),
    rate_limits=rate_limits(),
)
