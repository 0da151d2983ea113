"""Names: what markets, accounts and tags are called in addresses."""

import re
import unicodedata

MAX_PERSON_NAME = 40
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"

_slug = re.compile(SLUG_PATTERN.replace("$", r"\Z"), re.ASCII)


def is_slug(text: str) -> bool:
    """Whether a text may name a market or an account in an address."""
    return _slug.match(text) is not None


def is_person_name(text: str) -> bool:
    """Whether people may be called so: 1 to 40 characters of any script, no control characters, no blanks around it."""
    return (
        0 < len(text) <= MAX_PERSON_NAME
        and text == text.strip()
        and not any(unicodedata.category(character) == "Cc" for character in text)
    )
