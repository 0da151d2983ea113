"""DELETE /v1/markets/{slug}/comments/{id}, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.discussion.delete_comment.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.discussion.delete_comment import delete_comment

handler = http_handler("delete_comment", create_route(delete_comment(ports())), rate_limits=rate_limits())
