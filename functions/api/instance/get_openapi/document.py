"""The OpenAPI document that is kept beside this module.

On Lambda no function has the routes of the others, so the document is made from all of them beforehand (``make
openapi``), and a test compares the two.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("openapi.json")


@cache
def read_document() -> dict[str, Any]:
    """The document."""
    document: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return document
