import pytest

from functions.adapter.in_.http.strict_json import MAX_DEPTH, MalformedJsonError, parse_json


@pytest.mark.parametrize(("opening", "closing", "inner"), [("[", "]", ""), ('{"a":', "}", "1"), ('[{"a":', "}]", "1")])
def test_sixty_four_levels_and_no_more(opening: str, closing: str, inner: str) -> None:
    """Arrays, objects, or both in turn: the last level that is read, and the first that is not."""
    levels = opening.count("[") + opening.count("{")
    deepest = MAX_DEPTH // levels

    def nested(times: int) -> bytes:
        return (opening * times + inner + closing * times).encode()

    assert MAX_DEPTH == 64
    assert parse_json(nested(deepest))
    with pytest.raises(MalformedJsonError, match="nested"):
        parse_json(b"[" + nested(deepest) + b"]")
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
