"""GET /v1/audit, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.ledger.get_audit.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.ledger.get_audit import get_audit

handler = http_handler("get_audit", create_route(get_audit(ports())), rate_limits=rate_limits())
