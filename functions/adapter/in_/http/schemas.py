"""The shapes that several endpoints share, and how domain values become them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from domain.model.kernel.names import HIDDEN, SLUG_PATTERN, has_hidden, is_slug
from domain.model.trading.market import MAX_OUTCOME_NAME, MAX_TAG
from functions.adapter.in_.http.decimal_string import read_instant


def _publish_as_optional(schema: dict[str, Any], body: type["RequestBody"]) -> None:
    """Say of members that may be left out, but not be null, just that."""
    for name, member in schema.get("properties", {}).items():
        if "default" in member and member["default"] is None:
            del member["default"]
            if name not in body.NULLABLE and "anyOf" in member:
                member.update(next(branch for branch in member.pop("anyOf") if branch != {"type": "null"}))


class RequestBody(BaseModel):
    """A request's body: exactly the members named, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, json_schema_extra=_publish_as_optional)

    NULLABLE: ClassVar[frozenset[str]] = frozenset()
    """The members for which null means something."""

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_null(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.field_name not in cls.NULLABLE:
            raise ValueError("must not be null: leave it out")
        return value


class EmptyBody(RequestBody):
    """The body of a request that needs none: nothing, or an empty object."""


class ResponseBody(BaseModel):
    """An answer's body."""

    model_config = ConfigDict(frozen=True)


def _refuse_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


def _refuse_hidden(text: str) -> str:
    if has_hidden(text):
        raise ValueError("must not contain control, zero-width or bidirectional characters")
    return text


def _refuse_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _require_slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError("must be of lower-case letters, digits and inner hyphens")
    return text


_NO_NUL, _NOT_BLANK = r"[^\u0000]*", r"[^\s\u0000\u001c-\u001f\u0085]"
"""What is blank differs between dialects of patterns: excluded is whatever is blank to one of them, or to Python."""


def _read_integer(value: object) -> object:
    """An integer, however it is written: JSON has one kind of number, and 3.0 is an integer by JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Integer = Annotated[int, BeforeValidator(_read_integer)]
Text = Annotated[str, AfterValidator(_refuse_nul), Field(json_schema_extra={"pattern": f"^{_NO_NUL}$"})]
Name = Annotated[
    Text,
    AfterValidator(_refuse_blank),
    Field(min_length=1, json_schema_extra={"pattern": f"^{_NO_NUL}{_NOT_BLANK}{_NO_NUL}$"}),
]
OutcomeName = Annotated[Text, Field(min_length=1, max_length=MAX_OUTCOME_NAME)]
MarketOutcome = Annotated[
    str,
    AfterValidator(_refuse_hidden),
    AfterValidator(_refuse_blank),
    Field(
        min_length=1,
        max_length=MAX_OUTCOME_NAME,
        json_schema_extra={"pattern": rf"^[^{HIDDEN}]*[^\s{HIDDEN}][^{HIDDEN}]*$"},
    ),
]
Slug = Annotated[str, AfterValidator(_require_slug), Field(max_length=64, json_schema_extra={"pattern": SLUG_PATTERN})]
Tag = Annotated[Slug, Field(max_length=MAX_TAG)]
Instant = Annotated[datetime, BeforeValidator(read_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
Decimal = Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]*)\.[0-9]{6}$", examples=["0.512494"])]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"}, examples=["2030-01-31T12:00:00.000000Z"])]


class Alternative(NamedTuple):
    """One of the forms that a body may have.

    Args:
        name: what it is called in the document.
        required: the member that makes it this form.
        excluded: the member of another form.
        narrowed: schemas of members that this form takes less of.
    """

    name: str
    required: str
    excluded: str
    narrowed: Mapping[str, Any] = MappingProxyType({})


def publish_alternatives(*alternatives: Alternative) -> Callable[[dict[str, Any], type[RequestBody]], None]:
    """What to publish of a body that has exactly one of some forms: each as a whole schema with a name.

    Conditions on one schema would say the same, and programs that generate clients do not read them.
    """

    def publish(schema: dict[str, Any], body: type[RequestBody]) -> None:
        _publish_as_optional(schema, body)
        forms = [_form(schema, alternative) for alternative in alternatives]
        described = {name: schema[name] for name in ("title", "description")}
        schema.clear()
        schema.update(described, anyOf=forms)

    return publish


def _form(schema: Mapping[str, Any], alternative: Alternative) -> dict[str, Any]:
    members = {name: member for name, member in schema["properties"].items() if name != alternative.excluded}
    return {
        **schema,
        "title": alternative.name,
        "properties": {**members, **alternative.narrowed},
        "required": [*schema.get("required", ()), alternative.required],
    }


def is_none(value: object) -> bool:
    """Whether a member is left out."""
    return value is None
