"""Read one of the caller's orders."""

from typing import NamedTuple

from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Command
from domain.model.kernel.errors import AccountNotFoundError, OrderNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.model.trading.order import Order
from domain.port.out.store import RecordReader


class GetOrderRequest(NamedTuple):
    """Which order, and who asks."""

    caller: Caller
    id: str


class GetOrderResult(NamedTuple):
    """The order as it was answered when it was placed."""

    order: Order


class GetOrder:
    """The use case: an order is kept with the command that placed it."""

    def __init__(self, records: RecordReader) -> None:
        self._records = records

    async def execute(self, request: GetOrderRequest) -> GetOrderResult:
        """Find it.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            OrderNotFoundError: the caller placed no such order.
        """
        account = key_for(Account, request.caller.account)
        key = key_for(Command, request.caller.account, request.id)
        snapshot = await self._records.read(account, key)
        if snapshot.get(account) is None:
            raise AccountNotFoundError(request.caller.account)
        command = snapshot.get(key)
        if command is None or not isinstance(command.answer, Order):
            raise OrderNotFoundError(request.id)
        return GetOrderResult(command.answer)
