"""Names of any script in Latin letters."""

from anyascii import anyascii


def transliterate(text: str) -> str:
    """The text in ASCII: Łukasz is Lukasz, Иван Ivan and 李雷 LiLei."""
    return anyascii(text)
