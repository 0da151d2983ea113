"""What people read of a mistake that pydantic finds."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from functions.adapter.in_.http.problem_details import wording
from functions.adapter.in_.http.schemas import MarketOutcome, Slug, Tag


@pytest.mark.parametrize(
    ("kind", "sent", "said"),
    [
        (Tag, "a" * 33, "String should have at most 32 characters"),
        (MarketOutcome, "x" * 41, "String should have at most 40 characters"),
        (Slug, "A", "must be of lower-case letters, digits and inner hyphens"),
        (
            Annotated[list[str], Field(max_length=1)],
            ["a", "b"],
            "List should have at most 1 item after validation, not 2",
        ),
    ],
)
def test_a_text_consists_of_characters(kind: Any, sent: object, said: str) -> None:
    """Whatever a function has looked at pydantic counts in items, also a text."""
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(sent)
    found = caught.value.errors()[0]
    assert wording(found["msg"], found["input"]) == said
