"""Every address and method that no other function has, on Lambda: 404, or 405 where another method would do."""

from functions.adapter.in_.lambda_.http_handler import http_handler

handler = http_handler("fallback")
