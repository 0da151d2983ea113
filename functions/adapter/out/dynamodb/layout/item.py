"""Where a record lies in DynamoDB: its place, the attributes that indexes need, and how it is read back."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from domain.model.kernel.errors import ContentionError
from domain.model.kernel.record import key_of, type_of
from functions.registry.deployed import EXPIRES_AT, PARTITION, SORT

type Attribute = dict[str, Any]
"""A value as DynamoDB spells it: its type, and the value."""
type Item = dict[str, Any]
type Fields = dict[str, object]

SCHEMA = "schema"
"""The attribute of a record's schema number; an item without one was written by the first release."""
_NUMBER_LIMIT: int = 10**38
"""DynamoDB keeps 38 digits. A volume may pass 64 bits; balances and pools have limits of their own below that."""


class ItemKey(NamedTuple):
    """The primary key of an item."""

    partition: str
    sort: str

    def attributes(self) -> dict[str, Attribute]:
        """The key as an item has it."""
        return {PARTITION: {"S": self.partition}, SORT: {"S": self.sort}}


class Row(NamedTuple):
    """An item that follows from a record: a market under a tag.

    Args:
        place: its primary key.
        fields: its other attributes.
        expires_at: when it goes by itself, in epoch seconds; None where it stays.
    """

    place: ItemKey
    fields: tuple[tuple[str, str], ...]
    expires_at: int | None = None


def personal_partition(account: str) -> str:
    """The partition of the rows of what a person has left, which go when the account is forgotten."""
    return f"F#{account}"


def personal_place(account: str, name: str) -> ItemKey:
    """Where such a row is."""
    return ItemKey(personal_partition(account), name)


def _no_fields(_: object) -> Fields:
    return {}


def _no_rows(_: object) -> tuple[Row, ...]:
    return ()


class Layout[R](NamedTuple):
    """Where the records of one kind are.

    Args:
        kind: the record's class.
        place: the primary key, of the values of the record's key.
        indexed: the attributes that put a record into indexes; those that are None are left out.
        load: makes the record of its attributes.
        rows: the items that follow from a record, and go when they no longer do.
    """

    kind: type[R]
    place: Callable[..., ItemKey]
    indexed: Callable[[R], Fields] = _no_fields
    load: Callable[[Fields], R] | None = None
    rows: Callable[[R], tuple[Row, ...]] = _no_rows


def to_fields(layout: Layout[Any], record: object) -> Fields:
    """A record's attributes by their names, in Python's types."""
    indexed = {name: value for name, value in layout.indexed(record).items() if value is not None}
    return {**msgspec.to_builtins(record), **indexed, SCHEMA: type_of(type(record)).form_of(record)}


def to_item(layout: Layout[Any], record: object) -> Item:
    """The item of a record."""
    attributes = {name: to_attribute(value) for name, value in to_fields(layout, record).items()}
    return {**attributes, **layout.place(*key_of(record).values).attributes()}


def row_item(row: Row) -> Item:
    """The item of a row."""
    expiry = {} if row.expires_at is None else {EXPIRES_AT: number(row.expires_at)}
    return {**row.place.attributes(), **{name: {"S": value} for name, value in row.fields}, **expiry}


def decode[R](layout: Layout[R], item: Item) -> R:
    """The record of an item; attributes it has for its keys and indexes are passed over.

    Raises:
        ContentionError: a later release wrote it, in a form that this one does not know. That one will answer.
    """
    fields = {name: from_attribute(value) for name, value in item.items()}
    written = fields.get(SCHEMA, 1)
    if isinstance(written, int) and written > type_of(layout.kind).schema:
        raise ContentionError("A newer release of this service has taken over. Ask again.")
    return layout.load(fields) if layout.load else msgspec.convert(fields, layout.kind)


def number(value: int | Decimal) -> Attribute:
    """A number as an attribute.

    Raises:
        OverflowError: it has more than the 38 digits that DynamoDB keeps.
    """
    if not -_NUMBER_LIMIT < value < _NUMBER_LIMIT:
        raise OverflowError(f"{value} has more than 38 digits")
    return {"N": f"{value:f}" if isinstance(value, Decimal) else str(value)}


def to_attribute(value: object) -> Attribute:
    """A value as an attribute.

    Raises:
        TypeError: no attribute can hold it.
    """
    make = _ATTRIBUTES.get(type(value))
    if make is None:
        raise TypeError(f"a {type(value).__name__} has no place in an item")
    return make(value)


def _list(values: Sequence[object]) -> Attribute:
    return {"L": [to_attribute(value) for value in values]}


def _map(values: Mapping[str, object]) -> Attribute:
    return {"M": {name: to_attribute(value) for name, value in values.items()}}


_ATTRIBUTES: Mapping[type, Callable[[Any], Attribute]] = {
    type(None): lambda _: {"NULL": True},
    bool: lambda value: {"BOOL": value},
    int: number,
    Decimal: number,
    str: lambda value: {"S": value},
    list: _list,
    tuple: _list,
    dict: _map,
}
"""How the values of a type become attributes; those of classes derived from one have no place in an item either."""


def from_attribute(attribute: Mapping[str, Any]) -> object:
    """The value of an attribute.

    Raises:
        TypeError: none of ours has that type.
    """
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value) if value.lstrip("-").isdecimal() else Decimal(value)
        case "S" | "BOOL":
            return value
        case "NULL":
            return None
        case "L":
            return [from_attribute(element) for element in attribute["L"]]
        case "M":
            return {name: from_attribute(element) for name, element in attribute["M"].items()}
        case _:
            raise TypeError(f"no item of ours has an attribute of type {kind}")
