"""POST /v1/accounts, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.open_account.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.open_account import open_account

handler = http_handler("open_account", create_route(open_account(ports())), rate_limits=rate_limits())
