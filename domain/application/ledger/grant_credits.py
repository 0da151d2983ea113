"""Grant an account credits, which the house issues."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.money import Money
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, move_money
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry
from domain.port.out.store import Decision, Insert, Outcome, Replace, View


class GrantCreditsRequest(NamedTuple):
    """Who gets how much, why, and who says so.

    Args:
        caller: an admin.
        account: the account that receives.
        amount: positive.
        reason: for the account's journal.
        idempotency: how the request is known again.
    """

    caller: Caller
    account: str
    amount: Money
    reason: str
    idempotency: Idempotency


class GrantCreditsResult(NamedTuple):
    """The journal entry, and whether this is an answer given before."""

    entry: JournalEntry
    replayed: bool


class GrantCredits:
    """The house issues what it grants."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands

    async def execute(self, request: GrantCreditsRequest) -> GrantCreditsResult:
        """Grant the amount.

        Raises:
            AccountNotFoundError: the caller, or the account that should receive, has not been opened.
            ForbiddenError: the caller is no admin.
            BalanceLimitExceededError: the balance would exceed the limit.
        """
        account = request.caller.account
        keys = (key_for(Account, account), key_for(Account, request.account))
        reply = await self._commands.run(
            account, request.idempotency, JournalEntry, keys, lambda view, now: _decide(request, view, now)
        )
        return GrantCreditsResult(reply.answer, reply.replayed)


def _decide(request: GrantCreditsRequest, view: View, now: datetime) -> Decision[JournalEntry]:
    require_account(view, request.caller)
    if not request.caller.is_admin:
        raise ForbiddenError("Only an admin may grant credits.")
    account = view.get(key_for(Account, request.account))
    if account is None:
        raise AccountNotFoundError(request.account)
    movement = move_money(account, EntryKind.GRANT, request.amount, HOUSE, now, reason=request.reason)
    return Outcome(movement.entry, (Replace(movement.account, read=account), Insert(movement.entry)))
