"""GET /v1/webhooks/{id}/deliveries, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.list_webhook_deliveries.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.list_webhook_deliveries import list_webhook_deliveries

handler = http_handler(
    "list_webhook_deliveries", create_route(list_webhook_deliveries(ports())), rate_limits=rate_limits()
)
