"""GET /v1/accounts/{account}/results, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.record.list_results.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.record.list_results import list_results

handler = http_handler("list_results", create_route(list_results(ports())), rate_limits=rate_limits())
