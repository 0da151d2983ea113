"""Names: what markets, accounts and tags are called in addresses."""

import json
import re
import unicodedata

MAX_PERSON_NAME = 40
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"

HIDDEN = (
    "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"  # controls that are no blanks; terminals obey some
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164"
    "\\ufeff\\uffa0\\ufff0-\\ufffb"
    "\U000e0000-\U000e0fff"  # as they are: dialects of patterns spell them differently
)
"""What nobody sees, and what turns the direction of others, as the inside of a pattern's brackets."""

_hidden = re.compile(f"[{HIDDEN}]")
_unseen = re.compile(f"[{HIDDEN}\u180b-\u180f\ufe00-\ufe0f]")
_disturbing = re.compile(f"(?![\u200c\u200d])[{HIDDEN}\r\u2028\u2029]")
_id = re.compile(r"[0-9a-f]{28}", re.ASCII)
_slug = re.compile(SLUG_PATTERN.replace("$", r"\Z"), re.ASCII)


def is_slug(text: str) -> bool:
    """Whether a text may name a market or an account in an address."""
    return _slug.match(text) is not None


def has_hidden(text: str) -> bool:
    """Whether a text has characters that are not seen, or that turn the direction of others."""
    return _hidden.search(text) is not None


def look_of(text: str) -> str:
    """What names that look the same have in common: compatible forms are one (NFKC), and what is not seen is gone."""
    return unicodedata.normalize("NFKC", _unseen.sub("", text))


def escape_hidden(text: str) -> str:
    """A text with JSON's escapes in the place of what would disturb a reader, so that a terminal obeys none of it.

    Line feeds and tabs stay, and the joiners that scripts and emoji are written with.
    """
    return _disturbing.sub(lambda found: json.dumps(found[0])[1:-1], text)


def is_person_name(text: str) -> bool:
    """Whether people may be called so: 1 to 40 characters of any script, no control characters, no blanks around it."""
    return (
        0 < len(text) <= MAX_PERSON_NAME
        and text == text.strip()
        and not any(unicodedata.category(character) == "Cc" for character in text)
    )


def is_id(text: str) -> bool:
    """Whether a text has the form of an id that begins with the time of its making: 28 hex digits."""
    return _id.fullmatch(text) is not None
