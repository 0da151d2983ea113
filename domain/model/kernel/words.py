"""Words as people search for them: whatever the case and the accents."""

import re
import unicodedata

MAX_QUERY_WORDS = 5
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def fold(text: str) -> str:
    """The text as it is compared: without case and accents; ß is ss and Ł is l."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return plain.casefold().translate(_PLAIN)


def search_words(*texts: str) -> tuple[str, ...]:
    """The folded words of some texts, each once: what blanks separate, and the parts that punctuation separates."""
    tokens = [token for text in texts for token in fold(text).split()]
    parts = [part for token in tokens for part in re.findall(r"\w+", token)]
    return tuple(dict.fromkeys([*tokens, *parts]))


def query_words(query: str) -> tuple[str, ...] | None:
    """The folded words that somebody searches for; None where there are none, or more than MAX_QUERY_WORDS."""
    words = tuple(fold(query).split())
    return words if 0 < len(words) <= MAX_QUERY_WORDS else None
