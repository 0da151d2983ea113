"""Open the caller's account with the starting grant; once, however often it is asked."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Commands
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, OpenedAccount, open_account
from domain.port.out.store import Decision, Insert, Outcome, Replace, View


class OpenAccountRequest(NamedTuple):
    """Who wants an account, and what people are to call it; None for its id."""

    caller: Caller
    idempotency: Idempotency
    name: str | None = None


class OpenAccountResult(NamedTuple):
    """The account, whether it is new, and whether this is an answer given before."""

    opened: OpenedAccount
    replayed: bool


class OpenAccount:
    """Opening again finds the account as it is.

    Args:
        commands: where accounts are written.
        starting_grant: what a new account holds.
    """

    def __init__(self, commands: Commands, starting_grant: Money) -> None:
        self._commands = commands
        self._starting_grant = starting_grant

    async def execute(self, request: OpenAccountRequest) -> OpenAccountResult:
        """Open the account, or find it open."""
        id_ = request.caller.account

        def decide(view: View, now: datetime) -> Decision[OpenedAccount]:
            if account := view.get(key_for(Account, id_)):
                # Written as it was read, so that no name is remembered of somebody who is forgotten meanwhile.
                return Outcome(OpenedAccount(account, created=False), (Replace(account, read=account),))
            movement = open_account(id_, self._starting_grant, now, request.name)
            return Outcome(
                OpenedAccount(movement.account, created=True), (Insert(movement.account), Insert(movement.entry))
            )

        reply = await self._commands.run(id_, request.idempotency, OpenedAccount, [key_for(Account, id_)], decide)
        return OpenAccountResult(reply.answer, reply.replayed)
