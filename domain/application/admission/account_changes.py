"""What an admin changes of an account, and what its owner does: once for each key, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from domain.application.shared.commands import Commands, Reply
from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import AccountNotFoundError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, ChangedAccount
from domain.port.out.store import Decision, Outcome, Replace, View


async def change_account(
    commands: Commands,
    caller: Caller,
    account: str,
    idempotency: Idempotency,
    *,
    permit: Callable[[Caller], None],
    change: Callable[[Account], Account],
) -> Reply[ChangedAccount]:
    """Change an account, or find that there is nothing to change.

    Args:
        commands: where the change is remembered under its key.
        caller: who asks.
        account: whose account.
        idempotency: how the request is known again.
        permit: raises for callers who may not.
        change: the change itself.

    Raises:
        AccountNotFoundError: the caller has opened no account, or there is none to change.
        ForbiddenError: the caller may not.
    """

    def decide(view: View, _: datetime) -> Decision[ChangedAccount]:
        require_account(view, caller)
        permit(caller)
        stored = view.get(key_for(Account, account))
        if stored is None:
            raise AccountNotFoundError(account)
        changed = change(stored)
        # Written also where nothing changes, so that no name is remembered of somebody who is forgotten meanwhile.
        return Outcome(ChangedAccount(changed), (Replace(changed, read=stored),))

    keys = {key_for(Account, caller.account), key_for(Account, account)}
    return await commands.run(caller.account, idempotency, ChangedAccount, keys, decide)
