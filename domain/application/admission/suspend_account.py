"""Suspend an account: its credentials are refused wherever an account is needed."""

from typing import NamedTuple

from domain.application.admission.account_changes import change_account
from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_admin
from domain.model.admission.standing import suspend
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError
from domain.model.ledger.account import Account


class SuspendAccountRequest(NamedTuple):
    """Which account, and who asks."""

    caller: Caller
    account: str
    idempotency: Idempotency


class SuspendAccountResult(NamedTuple):
    """The account, and whether this is an answer given before."""

    account: Account
    replayed: bool


class SuspendAccount:
    """What the account holds stays, and is paid."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: SuspendAccountRequest) -> SuspendAccountResult:
        """Suspend it; suspending again changes nothing.

        Raises:
            AccountNotFoundError: the caller has opened no account, or there is none to suspend.
            ForbiddenError: the caller is no admin, or asks for their own account: nobody could restore the last one.
        """
        reply = await change_account(
            self._commands,
            request.caller,
            request.account,
            request.idempotency,
            permit=lambda caller: _permit(caller, request.account),
            change=suspend,
        )
        return SuspendAccountResult(reply.answer.account, reply.replayed)


def _permit(caller: Caller, account: str) -> None:
    require_admin(caller)
    if caller.account == account:
        raise ForbiddenError("You cannot suspend your own account: ask another admin.")
