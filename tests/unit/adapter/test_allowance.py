"""The allowance in DynamoDB, whoever writes at the same time: what the table itself does is in tests/integration."""

import re
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from functions.adapter.out.dynamodb.allowance import DynamoAllowance
from tests.fakes.clock import FakeClock

TABLE = "callers"
REQUESTS = 120
MINUTE = 60


def taken(allowance: DynamoAllowance, caller: str, requests: int) -> int:
    """What comes of taking, which waits for nothing."""
    return ended(allowance.take(caller, requests))


def ended(work: Coroutine[Any, Any, int]) -> int:
    """The result of work that never waits."""
    try:
        work.send(None)
    except StopIteration as end:
        result: int = end.value
        return result
    raise AssertionError("it waits")


@dataclass
class Meddled:
    """A client before each of whose writes somebody else may do something."""

    client: Any
    others: list[Callable[[], object]] = field(default_factory=list)
    writes: int = 0

    def update_item(self, **parameters: Any) -> Any:
        """Let the next of the others go first."""
        self.writes += 1
        if self.others:
            self.others.pop()()
        return self.client.update_item(**parameters)


class Table:
    """A table that carries out what an allowance writes: one number is set, if it is absent or not too large."""

    def __init__(self) -> None:
        self.stored: dict[str, int] = {}

    def update_item(self, **parameters: Any) -> None:
        """Write, or refuse with what is stored."""
        caller = parameters["Key"]["caller"]["S"]
        values = {name: int(value["N"]) for name, value in parameters["ExpressionAttributeValues"].items()}
        condition = parameters["ConditionExpression"]
        bound = re.fullmatch(r"(?:attribute_not_exists\(paid_off_at\) OR )?paid_off_at <= (:\w+)", condition)
        update = re.match(r"SET paid_off_at = (paid_off_at \+ )?(:\w+), ", parameters["UpdateExpression"])
        assert bound
        assert update
        stored = self.stored.get(caller)
        if ("attribute_not_exists" not in condition) if stored is None else stored > values[bound[1]]:
            error: Any = {"Error": {"Code": "ConditionalCheckFailedException"}}
            item = {} if stored is None else {"Item": {"paid_off_at": {"N": str(stored)}}}
            raise ClientError(error | item, "UpdateItem")
        self.stored[caller] = values[update[2]] + (stored or 0 if update[1] else 0)


type Step = tuple[float, int, Sequence[int]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0.0, 0.0, 0.2, 1.0, 20.0]),
        st.sampled_from([1, 10, 60]),
        st.lists(st.sampled_from([1, 10, 60]), max_size=2),
    ),
    max_size=12,
)


@given(steps=STEPS)
def test_no_window_has_more_than_a_minute_s_worth_and_the_rate(steps: Sequence[Step]) -> None:
    """In any time t at most capacity + rate · t, whoever else writes between the writes of one that takes."""
    clock, passed = FakeClock(), list[tuple[float, int]]()
    client: Any = Table()
    meddled: Any = Meddled(client)
    mine, theirs = (DynamoAllowance(each, TABLE, REQUESTS, clock) for each in (meddled, client))

    def take(allowance: DynamoAllowance, requests: int) -> None:
        if not taken(allowance, "ann", requests):
            passed.append((clock.monotonic(), requests))

    for pause, requests, others in steps:
        clock.advance(timedelta(seconds=pause))
        meddled.others = [partial(take, theirs, other) for other in others]
        take(mine, requests)
    for first, (start, _) in enumerate(passed):
        for last in range(first, len(passed)):
            got = sum(requests for _, requests in passed[first : last + 1])
            assert got <= REQUESTS + REQUESTS / MINUTE * (passed[last][0] - start)
