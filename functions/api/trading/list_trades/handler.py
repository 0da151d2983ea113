"""GET /v1/markets/{slug}/trades, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.trading.list_trades.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.trading.list_trades import list_trades

handler = http_handler("list_trades", create_route(list_trades(ports())), rate_limits=rate_limits())
