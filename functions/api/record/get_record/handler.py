"""GET /v1/accounts/{account}/record, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.record.get_record.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.record.get_record import get_record

handler = http_handler("get_record", create_route(get_record(ports())), rate_limits=rate_limits())
