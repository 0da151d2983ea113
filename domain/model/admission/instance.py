"""What an instance keeps about itself."""

import secrets
from dataclasses import dataclass

from domain.model.kernel.record import record

SIGNING = "signing"
"""The name of the secret that signs what the instance gives out."""


@record("instance_secret", key=("name",))
@dataclass(frozen=True, slots=True)
class InstanceSecret:
    """A secret that was made once and is kept with the data.

    Args:
        name: what it is for.
        value: 32 random bytes in hex.
    """

    name: str
    value: str


def make_secret(name: str) -> InstanceSecret:
    """A new secret."""
    return InstanceSecret(name, secrets.token_hex(32))
