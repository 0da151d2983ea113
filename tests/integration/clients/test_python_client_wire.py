"""What no instance can be made to do on demand: queued orders, and streams that break."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

import httpx
import pytest

from hunch_client import Hunch, HunchError, ProblemError, Retries, UnreachableError, trading

ORDER = {
    "id": "o1",
    "market": "rain",
    "account": "ann",
    "outcome": "YES",
    "side": "buy",
    "status": "filled",
    "quantity": "1.000000",
    "filled_quantity": "1.000000",
    "amount": "0.500000",
    "average_price": "0.500000",
    "trades": [],
    "balance": "999.500000",
    "created_at": "2026-11-27T08:00:00.000000Z",
}
PENDING = ORDER | {"status": "pending", "filled_quantity": "0.000000", "amount": "0.000000"}

type Answer = httpx.Response | Exception
type Script = Callable[..., tuple[Hunch, list[httpx.Request]]]


def event(position: int, **data: Any) -> dict[str, Any]:
    """An event as an instance gives it."""
    return {
        "market": "rain",
        "position": position,
        "type": "market.clarified",
        "created_at": "2026-11-27T08:00:00.000000Z",
        "data": data,
    }


def text(*positions: int, **data: Any) -> bytes:
    """Events as a stream carries them, with a comment in between."""
    events = [f"id: {n}\nevent: x\ndata: {json.dumps(event(n, **data), ensure_ascii=False)}\n\n" for n in positions]
    return ": still here\n\n".join(events).encode()


class Breaking(httpx.SyncByteStream):
    """A body in pieces that breaks off."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces
        raise httpx.ReadError("gone")


def problem(status: int, code: str) -> httpx.Response:
    """An error as an instance gives it."""
    return httpx.Response(status, json={"title": "No", "status": status, "code": code})


@pytest.fixture
def script() -> Iterator[Script]:
    """A client of an instance that gives these answers, one after another, and the requests that it got."""
    made: list[Hunch] = []

    def make(*answers: Answer, attempts: int = 3) -> tuple[Hunch, list[httpx.Request]]:
        left, asked = list(answers), list[httpx.Request]()

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            following = left.pop(0)
            if isinstance(following, Exception):
                raise following
            return following

        retries = Retries(attempts=attempts, sleep=lambda _: None)
        made.append(Hunch("http://hunch.test", retries=retries, transport=httpx.MockTransport(answer)))
        return made[-1], asked

    yield make
    for hunch in made:
        hunch.close()


def test_a_queued_order_is_followed(script: Script) -> None:
    """A 202 is not the end: the order comes once it is filled."""
    pending = httpx.Response(202, json=PENDING, headers={"Location": "/v1/orders/o1"})
    hunch, asked = script(pending, httpx.Response(200, json=PENDING), httpx.Response(200, json=ORDER))
    assert hunch.place_order("rain", "YES", quantity=1).status == "filled"
    assert [request.url.path for request in asked] == ["/v1/markets/rain/orders", "/v1/orders/o1", "/v1/orders/o1"]


def test_a_queued_order_that_is_rejected_is_an_error(script: Script) -> None:
    """Rejected later is refused like rejected at once: with the code."""
    rejected = PENDING | {"status": "rejected", "problem": {"title": "No", "status": 422, "code": "insufficient-funds"}}
    hunch, _ = script(httpx.Response(202, json=PENDING), httpx.Response(200, json=rejected))
    with pytest.raises(ProblemError) as caught:
        hunch.place_order("rain", "YES", quantity=1)
    assert (caught.value.code, caught.value.status) == ("insufficient-funds", 422)


def test_an_order_that_stays_queued_names_its_key(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever."""
    monkeypatch.setattr(trading, "FOLLOW_SECONDS", -1.0)
    hunch, _ = script(httpx.Response(202, json=PENDING))
    with pytest.raises(HunchError) as caught:
        hunch.place_order("rain", "YES", quantity=1, key="mine")
    assert (caught.value.code, caught.value.key) == ("pending", "mine")


def test_a_list_that_goes_round_ends(script: Script) -> None:
    """An instance that gives the same cursor again is no reason to ask for ever."""
    page = {"trades": [], "cursor": "same"}
    hunch, asked = script(*(httpx.Response(200, json=page) for _ in range(3)))
    with pytest.raises(UnreachableError, match="does not go on"):
        list(hunch.trades("rain"))
    assert len(asked) == 2


@pytest.mark.parametrize("content", [b"<html>", b"[]", b'{"slug": 1}', b"\xff", b"[" * 100_000])
def test_what_no_instance_says_is_no_answer(script: Script, content: bytes) -> None:
    """Another server's answer is an error of its own, not a crash."""
    hunch, _ = script(httpx.Response(200, content=content))
    with pytest.raises(UnreachableError):
        hunch.market("rain")


def test_events_are_paged_by_position(script: Script) -> None:
    """Each page goes on after the last event, until there are no more."""
    pages = [{"events": [event(n) for n in page], "position": 0} for page in ([3, 4], [5], [])]
    hunch, asked = script(*(httpx.Response(200, json=page) for page in pages))
    assert [happened.position for happened in hunch.events("rain", after=2)] == [3, 4, 5]
    assert [request.url.params["after"] for request in asked] == ["2", "4", "5"]


def test_a_stream_that_breaks_goes_on_where_it_was(script: Script) -> None:
    """The next connection says what it has: nothing is missed and nothing comes twice."""
    hunch, asked = script(
        httpx.Response(200, stream=Breaking([text(1)[:20], text(1)[20:], text(2)])),
        httpx.ConnectError("not yet"),
        problem(503, "contention"),
        httpx.Response(200, content=text(2, 3)),
        attempts=4,
    )
    assert [happened.position for happened in islice(hunch.stream("rain"), 3)] == [1, 2, 3]
    assert [request.headers.get("Last-Event-ID") for request in asked] == [None, "2", "2", "2"]


def test_a_stream_splits_at_line_feeds_alone(script: Script) -> None:
    """A line separator within a text is a part of it."""
    hunch, _ = script(httpx.Response(200, content=text(1, clarification="a\u2028b\x85c")))
    assert next(hunch.stream("rain")).data == {"clarification": "a\u2028b\x85c"}


def test_where_there_are_no_streams_events_are_polled(script: Script) -> None:
    """An instance on AWS has events alone: the iterator gives the same."""
    pages = [[event(1)], [], [event(2)]]
    hunch, asked = script(
        problem(404, "not-found"), *(httpx.Response(200, json={"events": page, "position": 0}) for page in pages)
    )
    assert [happened.position for happened in islice(hunch.stream("rain"), 2)] == [1, 2]
    assert [request.url.path.rpartition("/")[2] for request in asked] == ["stream", "events", "events", "events"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [([problem(404, "market-not-found")], "market-not-found"), ([httpx.ReadError("gone")] * 3, "unreachable")],
)
def test_a_stream_ends_with_what_will_not_pass(script: Script, answers: list[Answer], code: str) -> None:
    """A refusal ends it at once, silence after as many attempts as any request has."""
    hunch, asked = script(*answers)
    with pytest.raises(HunchError) as caught:
        next(hunch.stream("rain"))
    assert (caught.value.code, len(asked)) == (code, len(answers))
