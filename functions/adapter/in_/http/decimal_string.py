"""Decimal strings and instants of requests, as pydantic reads and documents them."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from domain.model.kernel.notation import parse_micros

_FRACTION = r"(?:\.[0-9]{1,6})?"
_NONZERO_FRACTION = r"\.(?:" + "|".join(f"{'0' * zeros}[1-9][0-9]{{0,{5 - zeros}}}" for zeros in range(6)) + ")"
_ZERO_FRACTION = r"(?:\.0{1,6})?"
_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)


class DecimalString(NamedTuple):
    """Annotates an integer of micro-units that a request spells as a decimal string.

    Args:
        pattern: the strings it takes, range and all, so that the published schema says the same as the code.
        description: the same in words.
    """

    pattern: str
    description: str

    def read(self, text: object) -> int:
        """The micro-units of a string that keeps to the pattern.

        Raises:
            ValueError: it is something else.
        """
        if not isinstance(text, str) or not re.fullmatch(self.pattern, text):
            raise ValueError(f"must be {self.description}")
        return parse_micros(text)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$", "description": self.description}


POSITIVE = DecimalString(
    f"[1-9][0-9]{{0,11}}{_FRACTION}|0{_NONZERO_FRACTION}",
    'a decimal string above zero, of at most twelve digits and six decimals, such as "12.5"',
)
LIMIT_PRICE = DecimalString(
    f"0{_NONZERO_FRACTION}", 'a decimal string above 0 and below 1, of at most six decimals, such as "0.65"'
)
LIQUIDITY = DecimalString(
    f"[1-9][0-9]{{0,5}}{_FRACTION}|1000000{_ZERO_FRACTION}",
    'a decimal string from 1 to 1000000, of at most six decimals, such as "100"',
)
PAYOUT = DecimalString(
    f"(?:0|[1-9][0-9]{{0,11}}){_FRACTION}", 'a decimal string of at most twelve digits and six decimals, such as "0.3"'
)


def read_instant(text: object) -> datetime:
    """The instant of an RFC 3339 date-time; digits beyond the microsecond are dropped.

    A leap second is the second after it, as it is to clocks that have none.

    Raises:
        ValueError: it is none, or one that does not exist.
    """
    match = _RFC_3339.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("must be an RFC 3339 date-time with an offset, such as 2030-01-31T12:00:00Z")
    date, time, fraction, offset = match.groups()
    is_leap = time.endswith(":60")
    second = f"{time[:-2]}59" if is_leap else time
    try:
        instant = datetime.fromisoformat(f"{date}T{second}{(fraction or '')[:7]}{offset.upper()}").astimezone(UTC)
        return _after_leap_second(instant) if is_leap else instant
    except (ValueError, OverflowError):
        raise ValueError("must be a date and time that exist") from None


def _after_leap_second(before: datetime) -> datetime:
    """A second later, where a leap second may be: at the end of a month, in UTC.

    Raises:
        ValueError: it is none.
    """
    after = before + timedelta(seconds=1)
    if (after.day, after.hour, after.minute, after.second) != (1, 0, 0, 0):
        raise ValueError
    return after
