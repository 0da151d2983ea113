"""The entries of Lambda functions that events call: one loop for all invocations, and batches that fail in part."""

import asyncio
import atexit
import json
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.common import DictWrapper

from functions.adapter.in_.lambda_.observability import LOGGER, Observer

_THREADS = 16

type Json = dict[str, Any]
type EventHandler = Callable[[Json, object], Json]


class UnfinishedError(Exception):
    """There is more to do than this invocation could: the message has to come again."""


def schedule_handler(name: str, job: Callable[[], Coroutine[Any, Any, Mapping[str, int]]]) -> EventHandler:
    """The handler of a function that a schedule calls.

    Args:
        name: the function's, in the registry.
        job: what it does; its result, numbers by what they count, becomes metrics and the answer.
    """
    return long_schedule_handler(name, lambda _: job())


def long_schedule_handler(name: str, job: Callable[[float], Coroutine[Any, Any, Mapping[str, int]]]) -> EventHandler:
    """The same for a function that has more to do than one invocation may last.

    Args:
        name: the function's, in the registry.
        job: what it does within so many seconds, after which Lambda ends it.
    """
    observer = Observer(name)

    def handler(_: Json, context: Any) -> Json:  # noqa: ANN401 - Lambda's own class is not in its packages
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)):
            counts = run(job(context.get_remaining_time_in_millis() / 1000))
            for what, number in counts.items():
                if number:  # a metric is paid for by the hour in which there is one
                    observer.count(what, number)
            return {**counts}

    return handler


def sign_up_handler(name: str, work: Callable[[str], Coroutine[Any, Any, None]]) -> EventHandler:
    """The handler of a function that a Cognito user pool calls once somebody's address is confirmed.

    An error would tell people that confirming failed, when it has not, and confirming again is refused. So what fails
    is logged and counted: opening an account by hand does the same.

    Args:
        name: the function's, in the registry.
        work: what to do for the subject, which its tokens will name too.
    """
    observer = Observer(name)

    def handler(event: Json, context: object) -> Json:
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)):
            try:
                run(work(event["request"]["userAttributes"]["sub"]))
            except Exception:  # noqa: BLE001 -- whatever it was, they have signed up
                observer.count("failed")
                LOGGER.exception("nobody was welcomed")
            else:
                observer.count("done")
            return event

    return handler


def queue_handler(
    name: str, work: Callable[[str], Coroutine[Any, Any, None]], show_again: Callable[[str], None] | None = None
) -> EventHandler:
    """The handler of a function that a FIFO queue calls with rings for markets.

    What fails of a batch comes again, and so does what follows it for the same market; the rest is done.

    Args:
        name: the function's, in the registry.
        work: what to do for a market's slug.
        show_again: lets a message that is unfinished, given by its receipt handle, come again soon; without it, it
            comes when its queue takes the function for dead.
    """
    return _queue_handler(name, lambda ring: work(ring["market"]), show_again)


def subject_handler(
    name: str, work: Callable[[str, str], Coroutine[Any, Any, None]], show_again: Callable[[str], None] | None = None
) -> EventHandler:
    """The same for rings that also say who is concerned.

    Args:
        name: the function's, in the registry.
        work: what to do for a market's slug and a subject, which may be empty.
        show_again: as of :func:`queue_handler`.
    """
    return _queue_handler(name, lambda ring: work(ring["market"], ring.get("subject", "")), show_again)


def ring_handler(name: str, work: Callable[[str, str], Coroutine[Any, Any, None]]) -> EventHandler:
    """The handler of a function that each ring invokes.

    What fails is invoked again by Lambda, twice at most, and then a dead letter.

    Args:
        name: the function's, in the registry.
        work: what to do for a market's slug and a subject, which may be empty.
    """
    observer = Observer(name)

    def handler(event: Json, context: object) -> Json:
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)), _counted(observer):
            run(work(event["market"], event.get("subject", "")))
        return {}

    return handler


def _queue_handler(
    name: str, work: Callable[[Json], Coroutine[Any, Any, None]], show_again: Callable[[str], None] | None
) -> EventHandler:
    observer = Observer(name)
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False  # what fails is answered, and comes again; that is no crash

    def handle_record(record: DictWrapper) -> None:
        event = record.raw_event
        _measure_lag(observer, event)
        try:
            with _counted(observer):
                run(work(json.loads(event["body"])))
        except UnfinishedError:
            if show_again:
                show_again(event["receiptHandle"])
            raise

    def handler(event: Json, context: object) -> Json:
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)):
            answer = process_partial_response(event=event, record_handler=handle_record, processor=processor)
            return {**answer}

    return handler


@contextmanager
def _counted(observer: Observer) -> Iterator[None]:
    """Counts what becomes of a ring. One that is unfinished is no failure, and one that fails is logged."""
    try:
        yield
    except UnfinishedError:
        observer.count("unfinished")
        raise
    except Exception:
        observer.count("failed")
        LOGGER.exception("a record failed; it comes again")
        raise
    observer.count("done")


def _measure_lag(observer: Observer, record: Json) -> None:
    """How long a message waited."""
    observer.measure("lag", max(0, int(time.time() * 1000) - int(record["attributes"]["SentTimestamp"])))


def run[R](work: Coroutine[Any, Any, R]) -> R:
    """Run work on the one event loop of this environment."""
    return _runner().run(work)


@cache
def _runner() -> asyncio.Runner:
    """The one event loop of this environment."""
    runner = asyncio.Runner()
    # As many threads as the client has connections: with two processors there would be six.
    runner.get_loop().set_default_executor(ThreadPoolExecutor(_THREADS))
    atexit.register(runner.close)
    return runner
