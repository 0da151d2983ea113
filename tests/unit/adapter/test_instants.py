"""Times as requests write them."""

import pytest

from domain.model.kernel.notation import format_time
from functions.adapter.in_.http.decimal_string import read_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520000Z"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000000Z"),
        ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000000Z"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000000Z"),
        ("2027-06-30T23:59:60.5Z", "2027-07-01T00:00:00.500000Z"),
        ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870000Z"),
    ],
)
def test_the_examples_of_rfc_3339(text: str, instant: str) -> None:
    """Section 5.8, leap seconds and odd offsets too."""
    assert format_time(read_instant(text)) == instant


@pytest.mark.parametrize("text", ["2027-06-29T23:59:60Z", "2027-06-30T23:58:60Z", "2027-07-01T00:59:60+02:00"])
def test_a_sixtieth_second_that_is_no_leap_second(text: str) -> None:
    """It ends a month in UTC, or is no time."""
    with pytest.raises(ValueError, match="a date and time that exist"):
        read_instant(text)
