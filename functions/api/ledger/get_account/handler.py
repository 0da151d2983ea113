"""GET /v1/accounts/{account}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.get_account.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.get_account import get_account

handler = http_handler("get_account", create_route(get_account(ports())), rate_limits=rate_limits())
