"""Documents as they are stored, kept for ever: every release reads what those before it wrote.

``golden/<stored name>-<schema>.json`` holds the key and the content columns of a row of SQLite and an item of DynamoDB,
both of the sample of that record. A golden document is never written again. One for a new record, or for a new schema
number, is made with `WRITE_GOLDEN=1 pytest tests/contract/test_golden.py`.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from domain.model.kernel.record import key_of, type_of
from functions.adapter.out.dynamodb.items import decode, to_item
from functions.adapter.out.sqlite.layout import TABLES
from functions.adapter.out.sqlite.layout.table import plain
from tests.fakes.samples import RECORDS

GOLDEN = Path(__file__).parent / "golden"
_BY_NAME = {type_of(type(record)).name: record for record in RECORDS}


def _path(record: object) -> Path:
    declared = type_of(type(record))
    return GOLDEN / f"{declared.name}-{declared.schema}.json"


def _documents(record: Any) -> dict[str, Any]:
    """What both adapters store of a record."""
    content = TABLES[type(record)].content
    row = {
        "key": [plain(value) for value in key_of(record).values],
        "content": {name: plain(get(record)) for name, get in content.items()},
    }
    return {"sqlite": row, "dynamodb": to_item(record)}


@pytest.mark.parametrize("name", sorted(_BY_NAME))
def test_the_present_form_is_kept(name: str) -> None:
    """Each record has a golden document of its present schema number."""
    path = _path(_BY_NAME[name])
    if "WRITE_GOLDEN" in os.environ and not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(_documents(_BY_NAME[name]), indent=2, ensure_ascii=False) + "\n")
    assert path.exists()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_written_is_read(path: Path) -> None:
    """Both adapters read the document as the record that it was made of."""
    record: Any = _BY_NAME[path.stem.rpartition("-")[0]]
    kind, key, stored = type(record), key_of(record), json.loads(path.read_text())
    assert stored["sqlite"]["key"] == [plain(value) for value in key.values]
    table = TABLES[kind]
    assert table.load(key, tuple(stored["sqlite"]["content"][name] for name in table.content)) == record
    assert decode(kind, stored["dynamodb"]) == record
