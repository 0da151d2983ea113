"""Tallies as items."""

from domain.model.settlement.settlement import Tally
from functions.adapter.out.dynamodb.layout.item import ItemKey, Layout

LAYOUTS = (Layout(Tally, lambda market, shard: ItemKey(f"M#{market}", f"S#{shard:02d}")),)
