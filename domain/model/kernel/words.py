"""Words as people search for them: whatever the case, the accents and the typography."""

import re
import unicodedata

MAX_QUERY_WORDS = 5
_PLAIN = str.maketrans(
    {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("\u2018\u2019\u02bc", "'")
    | dict.fromkeys("\u201c\u201d", '"')
    | dict.fromkeys("\u2010\u2013\u2014\u2212", "-")
)
"""What telephones write for what keyboards have is the same: quotation marks, apostrophes, dashes."""


def fold(text: str) -> str:
    """The text as it is compared: without case, accents and what nobody sees; ß is ss and Ł is l."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if _is_compared(character))
    return plain.casefold().translate(_PLAIN)


def _is_compared(character: str) -> bool:
    """Whether a character is neither an accent nor a format character, such as a soft hyphen or a joiner."""
    return not unicodedata.combining(character) and unicodedata.category(character) != "Cf"


def search_words(*texts: str) -> tuple[str, ...]:
    """The folded words of some texts, each once: what blanks separate, and the parts that punctuation separates."""
    tokens = [token for text in texts for token in fold(text).split()]
    parts = [part for token in tokens for part in re.findall(r"\w+", token)]
    return tuple(dict.fromkeys([*tokens, *parts]))


def query_words(query: str) -> tuple[str, ...] | None:
    """The folded words that somebody searches for; None where there are none, or more than MAX_QUERY_WORDS."""
    words = tuple(fold(query).split())
    return words if 0 < len(words) <= MAX_QUERY_WORDS else None
