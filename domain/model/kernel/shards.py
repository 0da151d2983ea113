"""Shards: what is too much for one partition is spread over several by the account it belongs to."""

import hashlib


def shard_of(account: str, shards: int) -> int:
    """The shard of an account, of so many (256 at most): the same everywhere and for ever."""
    return hashlib.sha256(account.encode()).digest()[0] % shards
