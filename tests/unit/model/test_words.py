import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.model.kernel.words import fold, search_words


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Won\u2019t", "won't"),
        ("wo\u2018n\u02bct", "wo'n't"),
        ("\u201cRain\u201d", '"rain"'),
        ("2026\u20132027", "2026-2027"),
        ("non\u2011stop", "non-stop"),
        ("inter\u00adnational", "international"),
        ("می\u200cشود", "میشود"),
        ("Łódź", "lodz"),
        ("İZMİR", "izmir"),
        ("Straße", "STRASSE"),
        ("\uff32ain", "rain"),
    ],
)
def test_what_looks_alike_is_compared_alike(written: str, asked: str) -> None:
    """Telephones write other apostrophes, quotation marks and dashes than keyboards; some characters nobody sees."""
    assert fold(written) == fold(asked)
    assert fold(asked) in search_words(written)


@given(st.text())
def test_what_is_folded_stays(text: str) -> None:
    """Comparing folded words needs no second look."""
    assert fold(fold(text)) == fold(text)
