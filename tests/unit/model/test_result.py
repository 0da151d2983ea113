import hashlib

from domain.model.record.result import RESULT_SHARDS, result_shard


def test_shards_are_fixed_for_ever() -> None:
    """The shard of an account's results is the first byte of its SHA-256 modulo 32, whatever the process."""
    for account in ("alice", "bob", "a-b-c", "0"):
        assert result_shard(account) == hashlib.sha256(account.encode()).digest()[0] % 32
    assert result_shard("alice") == 0xB


def test_shards_are_all_used() -> None:
    """A few hundred accounts reach every shard and no other."""
    assert {result_shard(f"account-{number}") for number in range(400)} == set(range(RESULT_SHARDS))
