"""How long things take: published latencies of DynamoDB, and the processor time of this code on Lambda.

Every latency is lognormal, through the median and the 99th percentile that were published: 8 and 16 ms for PutItem,
25 and 93 for a transaction of 5 items, 32 and 98 for one of 25 (A. DeBrie, "DynamoDB Transactions Performance
Testing"). Larger transactions go on in that straight line: 57 and 116 ms for 96 items. Reads are taken as 4 and 12 ms,
and .05 for each item more.

The processor times are this code's with botocore's, on one core of the machine of docs/performance.md
(``python -m bench.contention.processor`` measures them anew), times what Lambda gives a function of that memory.
"""

from math import exp, log
from random import Random
from typing import NamedTuple

from functions.registry import FUNCTION_OF

_Z99 = 2.3263478740408408
"""The 99th percentile of the standard normal distribution."""
_CORE_MB = 1769
"""The memory at which Lambda gives a whole core, as its documentation has it."""
MEMORY_MB = FUNCTION_OF["place_order"].memory_mb


class Latency(NamedTuple):
    """A lognormal distribution, by its median and its 99th percentile in milliseconds."""

    median: float
    p99: float

    def draw(self, random: Random) -> float:
        """One of them, in seconds."""
        deviation = log(self.p99 / self.median) / _Z99
        return self.median * exp(random.gauss(0.0, deviation)) / 1000


def write_alone() -> Latency:
    """A PutItem or a DeleteItem."""
    return Latency(8.0, 16.0)


def read(items: int) -> Latency:
    """A Query, or a BatchGetItem."""
    return Latency(4.0 + 0.05 * items, 12.0 + 0.05 * items)


def transaction(items: int) -> Latency:
    """A TransactWriteItems."""
    return Latency(25.0 + 0.35 * (items - 5), 93.0 + 0.25 * (items - 5))


class Processor(NamedTuple):
    """Processor time in milliseconds: of a call, and of each item that it has."""

    call: float
    item: float

    def seconds(self, items: int, memory_mb: int = MEMORY_MB) -> float:
        """What a call takes in a function of that memory."""
        return (self.call + self.item * items) / 1000 * max(1.0, _CORE_MB / memory_mb)


READING = Processor(0.35, 0.2)
"""With decoding what is read, and with deciding what to write."""
QUERY = Processor(0.35, 0.1)
LOOKING = Processor(0.35, 0.0)
WRITING_ALONE = Processor(0.5, 0.0)
TRANSACTION = Processor(0.4, 0.15)
"""With making it a request."""
QUEUE = Latency(8.0, 25.0)
"""Sending to a queue, and deleting from it. An assumption, as the next: what is published is the whole way alone."""
DISPATCH = Latency(20.0, 100.0)
"""From a message that may be handed over until the function has it."""
