"""How often callers may ask the functions."""

import os

from functions.adapter.in_.lambda_.rate_limits import SharedRateLimits
from functions.config import dynamodb
from functions.registry import REQUESTS_PER_MINUTE, counted_together

_TABLE_VARIABLE = "CALLERS_TABLE"


def rate_limits() -> SharedRateLimits | None:
    """The limits of this Lambda environment, whose table of callers CALLERS_TABLE names; None where it names none."""
    table, made = os.environ.get(_TABLE_VARIABLE), dynamodb.ports()
    if not table:
        return None
    assert isinstance(made.persistence, dynamodb.DynamoPersistence)
    requests = made.settings.requests_per_minute or REQUESTS_PER_MINUTE
    allowance = made.persistence.allowance(table, requests, made.clock)
    return SharedRateLimits(allowance, counted_together(requests), made.clock)
