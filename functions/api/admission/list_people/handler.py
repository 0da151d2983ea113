"""GET /v1/people, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.list_people.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.list_people import list_people

handler = http_handler("list_people", create_route(list_people(ports())), rate_limits=rate_limits())
