"""Tallies as rows."""

from operator import attrgetter

from domain.model.settlement.settlement import Tally
from functions.adapter.out.sqlite.layout.table import Table

TABLES = (Table(Tally, "tallies", ("market", "shard"), {"paid": attrgetter("paid")}),)
