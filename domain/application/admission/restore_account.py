"""Restore a suspended account: its credentials are good again."""

from typing import NamedTuple

from domain.application.admission.account_changes import change_account
from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_admin
from domain.model.admission.standing import restore
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.ledger.account import Account


class RestoreAccountRequest(NamedTuple):
    """Which account, and who asks."""

    caller: Caller
    account: str
    idempotency: Idempotency


class RestoreAccountResult(NamedTuple):
    """The account, and whether this is an answer given before."""

    account: Account
    replayed: bool


class RestoreAccount:
    """The opposite of suspending it."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: RestoreAccountRequest) -> RestoreAccountResult:
        """Restore it; restoring again changes nothing.

        Raises:
            AccountNotFoundError: the caller has opened no account, or there is none to restore.
            ForbiddenError: the caller is no admin.
        """
        reply = await change_account(
            self._commands,
            request.caller,
            request.account,
            request.idempotency,
            permit=require_admin,
            change=restore,
        )
        return RestoreAccountResult(reply.answer.account, reply.replayed)
