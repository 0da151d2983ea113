"""POST /v1/markets/{slug}/comments, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.discussion.post_comment.route import create_route
from functions.config.dynamodb import ports
from functions.config.rate_limits import rate_limits
from functions.config.wiring.discussion.post_comment import post_comment

handler = http_handler("post_comment", create_route(post_comment(ports())), rate_limits=rate_limits())
