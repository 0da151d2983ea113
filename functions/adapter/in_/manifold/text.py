"""Texts as programs send them: plain, or as the JSON of the TipTap editor; and the slug that a question makes."""

import re
import unicodedata
from collections.abc import Iterator

from domain.model.kernel.words import fold

_BLOCKS = frozenset({"paragraph", "heading", "listItem", "codeBlock", "blockquote", "hardBreak"})
_LONGEST_SLUG = 40
"""Of the part that is made of the question, so that there is room for what tells two apart."""


def plain_text(value: object) -> str:
    """The text of a description.

    Raises:
        ValueError: it is neither text nor a document of the editor.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        raise ValueError("must be text, or a document of the editor")  # noqa: TRY004 - what a model expects
    text = "".join(_parts(value))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _parts(node: dict[str, object]) -> Iterator[str]:
    """The text of a node and of those below it, each block ended by a line break."""
    text, below, kind = node.get("text"), node.get("content", []), node.get("type")
    if isinstance(text, str):
        yield text
    if not isinstance(below, list) or not all(isinstance(child, dict) for child in below):
        raise ValueError("must be text, or a document of the editor")
    for child in below:
        yield from _parts(child)
    if kind in _BLOCKS:
        yield "\n"


def slug_of(question: str) -> str:
    """A slug that people recognise the question by; ``market`` where it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", fold(question)).encode("ascii", "ignore").decode()
    words = "-".join(re.findall("[a-z0-9]+", plain))
    cut = words[:_LONGEST_SLUG]
    whole = cut.rpartition("-")[0] if len(words) > _LONGEST_SLUG and words[_LONGEST_SLUG] != "-" and "-" in cut else cut
    return whole.strip("-") or "market"
