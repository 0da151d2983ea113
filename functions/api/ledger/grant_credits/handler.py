"""POST /v1/accounts/{account}/grants, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.grant_credits.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.grant_credits import grant_credits

handler = http_handler("grant_credits", create_route(grant_credits(ports())), rate_limits=rate_limits())
