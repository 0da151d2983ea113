"""POST /v1/api-keys, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.create_api_key.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.create_api_key import create_api_key

handler = http_handler("create_api_key", create_route(create_api_key(ports())), rate_limits=rate_limits())
