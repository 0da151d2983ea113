"""POST /v1/webhooks/{id}/rotate-secret, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.webhooks.rotate_webhook_secret.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.webhooks.rotate_webhook_secret import rotate_webhook_secret

handler = http_handler("rotate_webhook_secret", create_route(rotate_webhook_secret(ports())), rate_limits=rate_limits())
