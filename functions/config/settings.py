"""What an instance can be set to, with defaults that suit most."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from domain.model.account import BALANCE_LIMIT
from domain.model.money import MICROS, Money
from domain.model.notation import parse_micros

DEFAULT_STARTING_GRANT = Money(1000 * MICROS)
_PREFIX = "HUNCH_"


class InvalidSettingError(ValueError):
    """A setting has a value that it cannot have; the message names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of an instance.

    Args:
        starting_grant: what a new account holds.
    """

    starting_grant: Money = DEFAULT_STARTING_GRANT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """The settings that the environment names, ``HUNCH_STARTING_GRANT`` among them.

        Raises:
            InvalidSettingError: a value is not what the setting takes.
        """
        text = environment.get(f"{_PREFIX}STARTING_GRANT")
        return cls() if text is None else cls(starting_grant=_credits("STARTING_GRANT", text))


def _credits(name: str, text: str) -> Money:
    if not re.fullmatch(r"[0-9]{1,10}(\.[0-9]{1,6})?", text) or parse_micros(text) > BALANCE_LIMIT.amount:
        raise InvalidSettingError(f"{_PREFIX}{name} takes an amount of credits such as 1000 or 0.5, not {text!r}.")
    return Money(parse_micros(text))
