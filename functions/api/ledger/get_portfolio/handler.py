"""GET /v1/portfolio, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.get_portfolio.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.get_portfolio import get_portfolio

handler = http_handler("get_portfolio", create_route(get_portfolio(ports())), rate_limits=rate_limits())
