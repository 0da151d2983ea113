"""POST /v1/accounts/{account}/sign-in-links, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.admission.create_sign_in_link.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.admission.create_sign_in_link import create_sign_in_link

handler = http_handler("create_sign_in_link", create_route(create_sign_in_link(ports())), rate_limits=rate_limits())
