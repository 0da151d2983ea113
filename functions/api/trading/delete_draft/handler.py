"""DELETE /v1/markets/{slug}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.delete_draft.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.delete_draft import delete_draft

handler = http_handler("delete_draft", create_route(delete_draft(ports())), rate_limits=rate_limits())
