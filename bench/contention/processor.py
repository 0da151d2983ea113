"""The processor times of ``latency.py``, measured: what a leader of nineteen orders and botocore take on this machine.

Run as ``python -m bench.contention.processor``. The calls are those of one leader over the simulation's DynamoDB;
botocore then makes each of them anew, up to the network and back. The least of several runs is shown, for each item of
a call.
"""

import asyncio
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from botocore.awsrequest import AWSResponse

from functions.adapter.out.dynamodb.mailbox.leader import MOST
from tests.fakes.dynamodb import connect
from tests.integration.dynamodb.mailbox import Process
from tests.integration.dynamodb.recording import Call

_RUNS = 30
_TRADERS = [f"trader-{number:02}" for number in range(MOST + 1)]


class _Raw:
    """The body of an answer."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """All of it at once."""
        yield self._content


def _milliseconds(do: Callable[[], object]) -> float:
    """The least processor time of some runs."""
    taken = []
    for _ in range(_RUNS):
        before = time.process_time()
        do()
        taken.append(time.process_time() - before)
    return min(taken) * 1000


def _botocore(call: Call) -> float:
    """The processor time of a call and its answer without a network."""
    client: Any = connect()
    content = json.dumps(call.answer or {}).encode()
    headers: Any = {"content-type": "application/x-amz-json-1.0", "x-amz-crc32": str(zlib.crc32(content))}
    client.meta.events.register(
        "before-send.dynamodb", lambda **_: AWSResponse("http://local", 200, headers, _Raw(content))
    )
    return _milliseconds(lambda: getattr(client, call.operation)(**call.parameters))


async def _lead() -> tuple[float, list[Call]]:
    """The least time that the orders of a full transaction take, the simulated DynamoDB included, and the calls."""
    process = Process()
    await process.begin(*_TRADERS)
    taken = []
    for number in range(_RUNS):
        for trader in _TRADERS[:-1]:
            await process.send(trader, key=f"key-{number}")
            process.clock.advance(timedelta(milliseconds=1))
        process.meet()
        process.client.calls.clear()
        before = time.process_time()
        await process.buy(_TRADERS[-1])
        taken.append(time.process_time() - before)
    return min(taken) * 1000, process.client.calls


def _items(call: Call) -> int:
    parameters: Mapping[str, Any] = call.parameters
    if call.operation == "transact_write_items":
        return len(parameters["TransactItems"])
    if call.operation == "batch_get_item":
        return sum(len(request["Keys"]) for request in parameters["RequestItems"].values())
    return len((call.answer or {}).get("Items", ()))


def main() -> None:
    """Measure and print."""
    deciding, calls = asyncio.run(_lead())
    sys.stdout.write(f"{len(_TRADERS)} orders without botocore: {deciding:.1f} ms\n")
    for operation in ("transact_write_items", "batch_get_item", "query"):
        largest = max((call for call in calls if call.operation == operation), key=_items)
        taken, items = _botocore(largest), _items(largest)
        sys.stdout.write(f"botocore, {operation} of {items}: {taken:.2f} ms, {taken / items:.3f} for each\n")


if __name__ == "__main__":
    main()
