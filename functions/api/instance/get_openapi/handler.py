"""GET /v1/openapi.json, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.instance.get_openapi.document import read_document
from functions.api.instance.get_openapi.route import create_route

handler = http_handler("get_openapi", create_route(read_document))
