"""GET /v1/accounts/{account}/trades, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.list_account_trades.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.list_account_trades import list_account_trades

handler = http_handler("list_account_trades", create_route(list_account_trades(ports())), rate_limits=rate_limits())
