"""GET /v1/markets/{slug}/comments, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.discussion.list_comments.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.discussion.list_comments import list_comments

handler = http_handler("list_comments", create_route(list_comments(ports())), rate_limits=rate_limits())
