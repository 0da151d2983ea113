"""GET /v1/api-keys, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.list_api_keys.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.list_api_keys import list_api_keys

handler = http_handler("list_api_keys", create_route(list_api_keys(ports())), rate_limits=rate_limits())
