"""Revoke every credential of the caller's account: sessions, bot keys and sign-in links."""

from typing import NamedTuple

from domain.application.admission.account_changes import change_account
from domain.application.shared.commands import Commands
from domain.model.admission.standing import revoke_credentials
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.ledger.account import Account


class RevokeMyCredentialsRequest(NamedTuple):
    """Who asks."""

    caller: Caller
    idempotency: Idempotency


class RevokeMyCredentialsResult(NamedTuple):
    """The account, and whether this is an answer given before."""

    account: Account
    replayed: bool


class RevokeMyCredentials:
    """The session that asks is among them."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: RevokeMyCredentialsRequest) -> RevokeMyCredentialsResult:
        """Revoke those made before.

        Raises:
            AccountNotFoundError: the caller has opened no account.
        """
        reply = await change_account(
            self._commands,
            request.caller,
            request.caller.account,
            request.idempotency,
            permit=_permit_anybody,
            change=revoke_credentials,
        )
        return RevokeMyCredentialsResult(reply.answer.account, reply.replayed)


def _permit_anybody(_: Caller) -> None:
    """Everybody may, for their own account."""
