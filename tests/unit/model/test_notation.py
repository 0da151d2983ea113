import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.model.kernel.notation import canonical_json, format_micros, format_time, parse_micros


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0.000000"),
        (1, "0.000001"),
        (-1, "-0.000001"),
        (999_999, "0.999999"),
        (1_000_000, "1.000000"),
        (-1_500_000, "-1.500000"),
        (-2_000_000, "-2.000000"),
        (10**18 + 7, "1000000000000.000007"),
    ],
)
def test_amounts_have_six_places(micros: int, text: str) -> None:
    """A micro-unit integer is written with exactly six places, the sign in front, and zero without one."""
    assert format_micros(micros) == text


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("0", 0),
        ("7", 7_000_000),
        ("0.1", 100_000),
        ("0.000001", 1),
        ("12.34", 12_340_000),
        ("999999999999", 10**18 - 10**6),
    ],
)
def test_amounts_are_read_with_any_number_of_places(text: str, micros: int) -> None:
    """A decimal string of no to six places is read exactly."""
    assert parse_micros(text) == micros


@given(st.integers(min_value=0, max_value=10**24))
def test_amounts_survive_writing_and_reading(micros: int) -> None:
    """What is written is read back as it was."""
    assert parse_micros(format_micros(micros)) == micros


@given(st.integers(min_value=-(10**24), max_value=10**24))
def test_amounts_have_one_form(micros: int) -> None:
    """No amount is written with an exponent, a bare point, a leading zero or a negative zero."""
    text = format_micros(micros)
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)\.[0-9]{6}", text)
    assert text != "-0.000000"


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 5, 12, 30, tzinfo=UTC), "2026-11-05T12:30:00.000000Z"),
        (datetime(2026, 11, 5, 12, 30, 1, 25, tzinfo=UTC), "2026-11-05T12:30:01.000025Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2025-12-31T23:00:00.000000Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00.000000Z"),
    ],
)
def test_instants_are_utc_with_microseconds(instant: datetime, text: str) -> None:
    """An instant reads the same whatever its offset: in UTC, to the microsecond, with a Z."""
    assert format_time(instant) == text


def test_canonical_json_is_one_text() -> None:
    """Keys are sorted at every depth, nothing is blank, and what is not ASCII is escaped."""
    value = {"z": {"b": 1, "a": [True, None]}, "é": "日本", "A": "𝄞", "a": '"\\\n'}
    literal = (
        r'{"A":"\ud834\udd1e","a":"\"\\\n",'
        r'"z":{"a":[true,null],"b":1},"\u00e9":"\u65e5\u672c"}'
    )
    assert canonical_json(value) == literal


@settings(max_examples=30)  # making up dictionaries of texts takes long, and each says as much as many small ones
@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans())))
def test_canonical_json_ignores_the_order_of_keys(value: dict[str, object]) -> None:
    """Equal values have equal texts, in whatever order they were put together; the text is ASCII and reads back."""
    text = canonical_json(value)
    assert canonical_json(dict(reversed(value.items()))) == text
    assert text.isascii()
    assert json.loads(text) == value


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_canonical_json_has_no_infinities(number: float) -> None:
    """What JSON has no number for is refused, not written as a word that other readers choke on."""
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json({"price": number})
