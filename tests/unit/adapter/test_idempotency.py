from functions.adapter.in_.http.idempotency import identify
from functions.adapter.in_.http.messages import Request


def test_requests_without_a_key_share_none() -> None:
    """Each is one of its own, also the very same sent twice; with a key it is known again."""
    post = Request({"type": "http", "method": "POST", "path": "/v1/markets", "headers": []})
    keys = {identify(post, [], "", {"a": 1}).key for _ in range(9)}
    assert len(keys) == 9
    assert "" not in keys
    assert identify(post, ["mine"], "mine", {"a": 1}) == identify(post, ["mine"], "mine", {"a": 1})
    one, two = (identify(post, ["mine"], "mine", {"a": number}) for number in (1, 2))
    assert (one.key, two.key) == ("mine", "mine")
    assert one.fingerprint != two.fingerprint
    assert identify(post, ["mine"], "mine", None) == identify(post, ["mine"], "mine", {})
