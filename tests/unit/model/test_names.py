import json
import sys
import unicodedata

import pytest

from domain.model.kernel.errors import HiddenCharactersError
from domain.model.kernel.names import escape_hidden, has_hidden, look_of
from domain.model.trading.market import MarketDefinition, create_market
from tests.unit.model.builders import NOW

BIDIRECTIONAL = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u3164\ufeff\uffa0\U000e0041\U000e0100"
CONTROLS = "\x07\x08\x1b\x7f\x9b"
VISIBLE = (
    "Ja, bitte!",
    "Zu\u0308rich",
    "李雷",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u2764\ufe0f",
    "\u0600",
    "1\u00a0%",
    "two\nlines",
)


@pytest.mark.parametrize("sign", BIDIRECTIONAL + ZERO_WIDTH + CONTROLS)
def test_outcomes_have_nothing_hidden(sign: str) -> None:
    """Wherever it stands: two outcomes could be told apart by nobody, or one be read as another."""
    for name in (sign, f"YES{sign}", f"{sign}YES", f"Y{sign}S"):
        assert has_hidden(name)
        with pytest.raises(HiddenCharactersError):
            create_market("rain", MarketDefinition("Rain?", outcomes=("NO", name + "x")), "carol", NOW)


def test_everything_that_turns_or_controls_is_hidden() -> None:
    """Of all characters: controls that are no blanks, and whatever formats without being a sign itself."""
    signs = {
        "\u0600",
        "\u0601",
        "\u0602",
        "\u0603",
        "\u0604",
        "\u0605",
        "\u06dd",
        "\u070f",
        "\u0890",
        "\u0891",
        "\u08e2",
    }
    for code in range(0x10000):
        sign = chr(code)
        if unicodedata.category(sign) in {"Cc", "Cf"}:
            assert has_hidden(sign) == (sign not in signs | set("\t\n\r")), hex(code)
    assert has_hidden(chr(0xE0001))
    assert not has_hidden(chr(sys.maxunicode))


@pytest.mark.parametrize("name", VISIBLE)
def test_what_is_seen_may_be_in_a_name(name: str) -> None:
    """Of any script, accents and emoji too."""
    assert not has_hidden(name)
    assert escape_hidden(name) == name


def test_looks() -> None:
    """Compatible forms and what is not seen make no difference; case and letters of other scripts do."""
    assert look_of("\uff39\uff25\uff33") == look_of("Y\u200bE\u202eS\ufe0f") == "YES"
    assert len({look_of(name) for name in ("YES", "Yes", "YES ", "\u0423ES")}) == 4


def test_what_is_hidden_is_escaped() -> None:
    """As JSON does it: read back as JSON it is what it was. Line feeds, tabs and joiners stay."""
    hidden = "\x1b[2J \x9b \u202egnp.exe \U000e0041 \r"
    escaped = escape_hidden(hidden)
    assert escaped == r"\u001b[2J \u009b \u202egnp.exe \udb40\udc41 \r"
    assert json.loads(f'"{escaped}"') == hidden
    assert escape_hidden("a\tb\nc \U0001f468\u200d\U0001f469") == "a\tb\nc \U0001f468\u200d\U0001f469"
