"""The entry of a Lambda function that a DynamoDB stream calls: a batch at once, and one by one if that fails."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from functions.adapter.in_.lambda_.event_handler import EventHandler, Json, run
from functions.adapter.in_.lambda_.observability import LOGGER, Observer

type Work[R] = Callable[[Sequence[R]], Coroutine[Any, Any, None]]
type Tell[R] = Callable[[Sequence[R]], Coroutine[Any, Any, Mapping[str, int]]]


def stream_handler[R](name: str, read: Callable[[Json], R], work: Work[R], tell: Tell[R] | None = None) -> EventHandler:
    """The handler of a function that a DynamoDB stream calls.

    What cannot be read, and what fails even alone, comes again; the rest of its batch is done.

    Args:
        name: the function's, in the registry.
        read: makes a record of the new image of one item.
        work: what to do for records, in any order; to do it again does no harm.
        tell: what else is to be tried once for a batch when all that has been done. Its result, numbers by what they
            count, becomes metrics. No record comes again because of it: where it fails it is logged, and counted as
            ``untold``.
    """
    observer = Observer(name)

    def handler(event: Json, context: object) -> Json:
        with observer.invocation(invocation_id=getattr(context, "aws_request_id", None)):
            given = event["Records"]
            for record in given:
                _notice_change(observer, record)
            readable, unreadable = _read_all(given, read)
            failed = {*unreadable, *_do(readable, work)}
            for outcome, number in (("done", len(given) - len(failed)), ("failed", len(failed))):
                if number:
                    observer.count(outcome, number)
            if tell and readable:
                _tell(observer, tell, list(readable.values()))
            numbers = [_number(record) for place, record in enumerate(given) if place in failed]
            return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}

    return handler


def _tell[R](observer: Observer, tell: Tell[R], records: Sequence[R]) -> None:
    try:
        counts = run(tell(records))
    except Exception:  # noqa: BLE001 -- whatever it was, the ledger goes on
        LOGGER.exception("nobody was told of records")
        counts = {"untold": 1}
    for what, number in counts.items():
        if number:
            observer.count(what, number)


def _read_all[R](given: Sequence[Json], read: Callable[[Json], R]) -> tuple[dict[int, R], list[int]]:
    """What can be read, by its place in the batch, and the places of what cannot.

    There is no image where somebody removed an item by hand.
    """
    readable, unreadable = dict[int, R](), list[int]()
    for place, record in enumerate(given):
        if image := record["dynamodb"].get("NewImage"):
            try:
                readable[place] = read(image)
            except Exception:  # noqa: BLE001 -- whatever it was, the others are done
                LOGGER.exception("a record cannot be read; it comes again")
                unreadable.append(place)
    return readable, unreadable


def _do[R](records: dict[int, R], work: Work[R]) -> list[int]:
    """Do the work for all at once, or, when that fails, for one after the other; the places of what fails alone."""
    if _succeeds(work, list(records.values())):
        return []
    return [place for place, record in records.items() if not _succeeds(work, [record])]


def _succeeds[R](work: Work[R], records: Sequence[R]) -> bool:
    try:
        run(work(records))
    except Exception:  # noqa: BLE001 -- whatever it was, these come again
        LOGGER.exception("records failed; what fails alone comes again")
        return False
    return True


def _notice_change(observer: Observer, record: Json) -> None:
    """The ledger is only ever added to: anything else was done by hand, or by a bug."""
    if record["eventName"] != "INSERT":
        observer.count("modified")
        LOGGER.error("an item of the ledger was changed: %s", record["eventName"], extra=record["dynamodb"]["Keys"])


def _number(record: Json) -> str:
    number: str = record["dynamodb"]["SequenceNumber"]
    return number
