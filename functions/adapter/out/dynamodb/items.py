"""Records as items, wherever their layouts put them."""

from typing import Any

from domain.model.kernel.record import Key, key_of
from functions.adapter.out.dynamodb.layout import item as forms
from functions.adapter.out.dynamodb.layout import layout_of
from functions.adapter.out.dynamodb.layout.item import Item, ItemKey

_PARTITION_BYTES, _SORT_BYTES = 2048, 1024


def place_of(key: Key[Any]) -> ItemKey:
    """Where the record of a key is, in its table."""
    return layout_of(key.kind).place(*key.values)


def can_exist(place: ItemKey) -> bool:
    """Whether an item may have this key: DynamoDB refuses to look for longer ones."""
    return len(place.partition.encode()) <= _PARTITION_BYTES and len(place.sort.encode()) <= _SORT_BYTES


def place_of_record(record: object) -> ItemKey:
    """Where a record is stored, in its table."""
    return place_of(key_of(record))


def to_item(record: object) -> Item:
    """The item of a record: its key, its fields by their names, and what indexes need."""
    return forms.to_item(layout_of(type(record)), record)


def decode[R](kind: type[R], item: Item) -> R:
    """The record of an item whose kind is known.

    Raises:
        ContentionError: a later release wrote it.
    """
    record: R = forms.decode(layout_of(kind), item)
    return record
