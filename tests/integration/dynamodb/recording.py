"""A client that writes down its calls, and fails in the ways that DynamoDB fails."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botocore.exceptions import ClientError, ReadTimeoutError

from functions.adapter.out.dynamodb.tables import Client


class Call(NamedTuple):
    """One call, and its answer; None where it failed."""

    operation: str
    parameters: Mapping[str, Any]
    answer: Mapping[str, Any] | None


@dataclass
class Failure:
    """An error that a call ends in.

    Args:
        error: what is raised.
        is_done: whether the call was carried out all the same.
    """

    error: Exception
    is_done: bool = False


@dataclass
class RecordingClient:
    """A client over another one.

    Args:
        inner: where calls go.
        calls: all that were made.
        failures: by operation, what the next calls end in; an answer is given in place of the real one, and None lets
            a call through.
    """

    inner: Client
    calls: list[Call] = field(default_factory=list)
    failures: dict[str, deque[Failure | Mapping[str, Any] | None]] = field(default_factory=dict)

    def plan(self, operation: str, *failures: Failure | Mapping[str, Any] | None) -> None:
        """Let the next calls of an operation end so, one after the other."""
        self.failures.setdefault(operation, deque()).extend(failures)

    def operations(self) -> list[str]:
        """What was called, in order."""
        return [call.operation for call in self.calls]

    def batch_get_item(self, **parameters: Any) -> Any:
        return self._call("batch_get_item", parameters)

    def query(self, **parameters: Any) -> Any:
        return self._call("query", parameters)

    def scan(self, **parameters: Any) -> Any:
        return self._call("scan", parameters)

    def transact_write_items(self, **parameters: Any) -> Any:
        return self._call("transact_write_items", parameters)

    def put_item(self, **parameters: Any) -> Any:
        return self._call("put_item", parameters)

    def delete_item(self, **parameters: Any) -> Any:
        return self._call("delete_item", parameters)

    def _call(self, operation: str, parameters: dict[str, Any]) -> Any:
        planned = self.failures.get(operation)
        outcome = planned.popleft() if planned else None
        if isinstance(outcome, Failure):
            if outcome.is_done:
                getattr(self.inner, operation)(**parameters)
            self.calls.append(Call(operation, parameters, None))
            raise outcome.error
        try:
            answer = outcome if outcome is not None else getattr(self.inner, operation)(**parameters)
        except ClientError:
            self.calls.append(Call(operation, parameters, None))
            raise
        self.calls.append(Call(operation, parameters, answer))
        return answer


def service_error(code: str, reasons: Sequence[str | None] | None = None) -> ClientError:
    """The error that DynamoDB answers with, and for a cancelled transaction a reason for each item."""
    broken = {"InternalServerError": 500, "InternalFailure": 500, "ServiceUnavailable": 503}
    status = int(code) if code.isdecimal() else broken.get(code, 400)
    response: Any = {
        "Error": {"Code": code, "Message": f"made up: {code}"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    if reasons is not None:
        response["CancellationReasons"] = [{"Code": reason or "None"} for reason in reasons]
    return ClientError(response, "AnyOperation")


def cancelled(*reasons: str | None) -> ClientError:
    """A transaction that was cancelled."""
    return service_error("TransactionCanceledException", reasons)


def timed_out() -> ReadTimeoutError:
    """No answer in time."""
    return ReadTimeoutError(endpoint_url="http://127.0.0.1")
