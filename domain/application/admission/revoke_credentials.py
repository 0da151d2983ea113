"""Revoke every credential of an account: sessions, bot keys and sign-in links."""

from typing import NamedTuple

from domain.application.admission.account_changes import change_account
from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_admin
from domain.model.admission.standing import revoke_credentials
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.ledger.account import Account


class RevokeCredentialsRequest(NamedTuple):
    """Which account, and who asks."""

    caller: Caller
    account: str
    idempotency: Idempotency


class RevokeCredentialsResult(NamedTuple):
    """The account, and whether this is an answer given before."""

    account: Account
    replayed: bool


class RevokeCredentials:
    """An issuer's tokens are the issuer's to end."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: RevokeCredentialsRequest) -> RevokeCredentialsResult:
        """Revoke those made before.

        Raises:
            AccountNotFoundError: the caller has opened no account, or there is none of that name.
            ForbiddenError: the caller is no admin.
        """
        reply = await change_account(
            self._commands,
            request.caller,
            request.account,
            request.idempotency,
            permit=require_admin,
            change=revoke_credentials,
        )
        return RevokeCredentialsResult(reply.answer.account, reply.replayed)
