"""Every address and method that no other function has, on Lambda."""

from functions.adapter.in_.lambda_.http_handler import http_handler
from functions.api.instance.fallback.route import create_router

handler = http_handler("fallback", create_router())
