"""POST /v1/markets/{slug}/quotes, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.quote.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.quote import quote

handler = http_handler("quote", create_route(quote(ports())), rate_limits=rate_limits())
