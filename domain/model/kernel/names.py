"""Names: what markets, accounts and tags are called in addresses."""

import re

SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"

_slug = re.compile(SLUG_PATTERN.replace("$", r"\Z"), re.ASCII)


def is_slug(text: str) -> bool:
    """Whether a text may name a market or an account in an address."""
    return _slug.match(text) is not None
