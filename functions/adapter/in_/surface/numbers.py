"""Numbers as other sites write them: floats and milliseconds, where the product has integers of micro-units."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from domain.model.kernel.money import MICROS

OPEN_FOR = timedelta(days=3652)
"""How long a market without a closing time is said to stay open: ten years from its publication."""
_MOST = 10**12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MILLISECOND = int((datetime.max.replace(tzinfo=UTC) - _EPOCH).total_seconds() * 1000)


def units(micros: int) -> float:
    """Micro-units as a float of whole ones."""
    return micros / MICROS


def milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970."""
    return int((instant - _EPOCH).total_seconds() * 1000)


def micros_of(number: float) -> int:
    """The micro-units of a number as it was written, rounded down."""
    return int((Decimal(repr(number)) * MICROS).to_integral_value(ROUND_FLOOR))


def instant_of(millis: float) -> datetime:
    """The instant that many milliseconds after 1970; see :data:`Milliseconds` for what it takes."""
    return datetime.fromtimestamp(millis / 1000, UTC)


def _require_micros(number: float) -> float:
    if micros_of(number) == 0:
        raise ValueError("must be at least 0.000001")
    return number


Quantity = Annotated[float, Field(gt=0, lt=_MOST, allow_inf_nan=False), AfterValidator(_require_micros)]
"""A positive number of credits or shares."""

Milliseconds = Annotated[float, Field(ge=0, lt=_LAST_MILLISECOND, allow_inf_nan=False)]
"""An instant, as milliseconds since 1970."""
