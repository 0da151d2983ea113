"""The way to the store: every call takes time, may be lost, and may be the last thing that a process does."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.simulation.expressions import refusal
from tests.simulation.faults import Chance, Fault
from tests.simulation.store import Place, PreparedWrite, Store, canceled, prepare_one
from tests.simulation.virtual_loop import Steps, VanishedError

_ENDPOINT = "https://dynamodb.invalid"
_TIMEOUT_SECONDS = 2.0


class Network:
    """All ways to the one store.

    Args:
        store: where they lead.
        chance: what goes wrong.
        random: how long things take.
        note: what to write into the trace.
        begin: lets steps go on by themselves.
    """

    def __init__(
        self,
        store: Store,
        chance: Chance,
        random: Random,
        note: Callable[..., None],
        begin: Callable[[Steps[None]], object],
    ) -> None:
        self.store, self.chance, self.random, self.note, self.begin = store, chance, random, note, begin
        self.locked: set[Place] = set()

    def delay(self) -> float:
        """How long one way takes, in seconds."""
        if self.chance.strikes(Fault.SLOW):
            return self.random.uniform(0.5, 1.9)
        return self.random.uniform(0.001, 0.012)


class NetworkClient:
    """The store as one process sees it: boto3's client, whose operations are steps in virtual time.

    Args:
        network: the way there.
        crash: ends the process that this client is of.
        is_alive: whether it still is.
    """

    def __init__(self, network: Network, crash: Callable[[], None], is_alive: Callable[[], bool]) -> None:
        self._network, self._store, self._chance = network, network.store, network.chance
        self._crash, self._is_alive = crash, is_alive

    def transact_write_items(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Do the writes; for as long as that takes, others that touch the same items are cancelled."""
        operation = "TransactWriteItems"
        writes = self._store.prepare(**parameters)
        if self._chance.strikes(Fault.LATE):
            self._network.begin(self._arrive_late(writes))
            yield _TIMEOUT_SECONDS
            yield from self._tell(ReadTimeoutError(endpoint_url=_ENDPOINT))
        yield from self._go(operation)
        if self._chance.strikes(Fault.THROTTLED):
            yield from self._refuse(canceled(len(writes), {0}, "ThrottlingError"))
        busy = {number for number, write in enumerate(writes) if write.place in self._network.locked}
        if busy:
            yield from self._refuse(canceled(len(writes), busy, "TransactionConflict"))
        try:
            self._store.require_conditions(writes)
        except Exception as refused:  # noqa: BLE001  (whatever it is, it is told once the answer has arrived)
            yield from self._refuse(refused)
        fails = self._chance.strikes(Fault.SERVER_ERROR)
        if fails and self._network.random.random() < 0.5:
            yield from self._refuse(refusal(operation, "InternalServerError", "nothing was done", 500))
        if self._chance.strikes(Fault.CONFLICT):
            places = {write.place for write in writes}
            self._network.locked |= places
            yield self._network.delay()
            self._network.locked -= places
        self._store.apply(writes)
        self._network.note("wrote", len(writes), *writes[0].place)
        if fails:
            yield from self._refuse(refusal(operation, "InternalServerError", "everything was done", 500))
        yield from self._come_back(operation)
        return {}

    def put_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Put one item alone."""
        return self._write_alone("PutItem", prepare_one({"Put": parameters}))

    def delete_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Remove one item alone."""
        return self._write_alone("DeleteItem", prepare_one({"Delete": parameters}))

    def _write_alone(self, operation: str, write: PreparedWrite) -> Steps[dict[str, Any]]:
        """Do one write, unless a transaction is at its item."""
        if self._chance.strikes(Fault.LATE):
            self._network.begin(self._arrive_alone(operation, write))
            yield _TIMEOUT_SECONDS
            yield from self._tell(ReadTimeoutError(endpoint_url=_ENDPOINT))
        yield from self._go(operation)
        if self._chance.strikes(Fault.THROTTLED):
            yield from self._refuse(refusal(operation, "ThrottlingException", "too busy"))
        if write.place in self._network.locked:
            yield from self._refuse(refusal(operation, "TransactionConflictException", "a transaction is at it"))
        try:
            self._store.apply_alone(operation, write)
        except ClientError as refused:
            yield from self._refuse(refused)
        self._network.note(operation, *write.place)
        if self._chance.strikes(Fault.SERVER_ERROR):
            yield from self._refuse(refusal(operation, "InternalServerError", "everything was done", 500))
        yield from self._come_back(operation)
        return {}

    def _arrive_alone(self, operation: str, write: PreparedWrite) -> Steps[None]:
        """Do a write after all, if it still may be done; nobody is told."""
        yield self._network.random.uniform(0.0, 2 * _TIMEOUT_SECONDS)
        if write.place not in self._network.locked:
            self._store.apply_alone(operation, write)
            self._network.note(operation, "late", *write.place)

    def batch_get_item(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Read some of the keys at one instant and the rest at another, or not at all."""
        operation = "BatchGetItem"
        yield from self._go(operation)
        yield from self._may_be_busy(operation)
        ((table, request),) = parameters["RequestItems"].items()
        keys = list(request["Keys"])
        torn = len(keys) > 1 and self._chance.strikes(Fault.TORN_READ)
        if not torn:
            answer = self._store.batch_get_item(**parameters)
        else:
            self._network.random.shuffle(keys)
            middle = self._network.random.randint(1, len(keys) - 1)
            first = self._store.batch_get_item(RequestItems={table: {**request, "Keys": keys[:middle]}})
            yield self._network.delay()
            if self._chance.strikes(Fault.THROTTLED):
                answer = {**first, "UnprocessedKeys": {table: {**request, "Keys": keys[middle:]}}}
            else:
                answer = self._store.batch_get_item(RequestItems={table: {**request, "Keys": keys[middle:]}})
                answer["Responses"][table] += first["Responses"][table]
        yield from self._come_back(operation)
        return answer

    def query(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Read a page of a partition."""
        yield from self._go("Query")
        yield from self._may_be_busy("Query")
        answer = self._store.query(**parameters)
        yield from self._come_back("Query")
        return answer

    def scan(self, **parameters: Any) -> Steps[dict[str, Any]]:
        """Read a page of a table."""
        yield from self._go("Scan")
        yield from self._may_be_busy("Scan")
        answer = self._store.scan(**parameters)
        yield from self._come_back("Scan")
        return answer

    def _arrive_late(self, writes: Sequence[PreparedWrite]) -> Steps[None]:
        """Do the writes after all, if they still may be done; nobody is told."""
        yield self._network.random.uniform(0.0, 2 * _TIMEOUT_SECONDS)
        if any(write.place in self._network.locked for write in writes):
            return
        self._store.require_conditions(writes)
        self._store.apply(writes)
        self._network.note("wrote late", len(writes), *writes[0].place)

    def _go(self, operation: str) -> Steps[None]:
        """The way there. A process that dies may have sent its request already, and then it arrives all the same."""
        if self._chance.strikes(Fault.CRASH_BEFORE):
            self._network.note("crash before", operation)
            self._crash()
            if self._network.random.random() < 0.5:
                raise VanishedError
        if self._chance.strikes(Fault.REQUEST_LOST):
            self._network.note("request lost", operation)
            yield _TIMEOUT_SECONDS
            yield from self._tell(ConnectTimeoutError(endpoint_url=_ENDPOINT))
        yield self._network.delay()

    def _come_back(self, operation: str) -> Steps[None]:
        if self._chance.strikes(Fault.CRASH_AFTER):
            self._network.note("crash after", operation)
            self._crash()
        if self._chance.strikes(Fault.ANSWER_LOST):
            self._network.note("answer lost", operation)
            yield _TIMEOUT_SECONDS
            yield from self._tell(ReadTimeoutError(endpoint_url=_ENDPOINT))
        yield self._network.delay()
        if not self._is_alive():
            raise VanishedError

    def _may_be_busy(self, operation: str) -> Steps[None]:
        if self._chance.strikes(Fault.THROTTLED):
            yield from self._refuse(refusal(operation, "ProvisionedThroughputExceededException", "too busy"))
        if self._chance.strikes(Fault.SERVER_ERROR):
            yield from self._refuse(refusal(operation, "InternalServerError", "it failed", 500))

    def _refuse(self, error: Exception) -> Steps[None]:
        """The error, on its way back."""
        yield self._network.delay()
        yield from self._tell(error)

    def _tell(self, error: Exception) -> Steps[None]:
        """The error, to a process that is still there."""
        yield 0.0
        if not self._is_alive():
            raise VanishedError
        raise error
