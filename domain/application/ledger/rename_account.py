"""Rename an account: people read the new name everywhere from then on."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_account
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, rename_account
from domain.port.out.store import Decision, Outcome, Replace, Store, View


class RenameAccountRequest(NamedTuple):
    """Which account to call what, and who asks."""

    caller: Caller
    account: str
    name: str


class RenameAccountResult(NamedTuple):
    """The account under its new name."""

    account: Account


class RenameAccount:
    """To rename again to the same name changes nothing, so it needs no command."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: RenameAccountRequest) -> RenameAccountResult:
        """Give the account the name.

        Raises:
            AccountNotFoundError: the caller has opened no account, or there is none to rename.
            ForbiddenError: it is somebody else's, and the caller is no admin.
        """
        keys = {key_for(Account, request.caller.account), key_for(Account, request.account)}
        return await self._store.transact(keys, lambda view, now: _decide(request, view, now))


def _decide(request: RenameAccountRequest, view: View, _: datetime) -> Decision[RenameAccountResult]:
    require_account(view, request.caller)
    if request.account != request.caller.account and not request.caller.is_admin:
        raise ForbiddenError("Only its owner or an admin may rename an account.")
    account = view.get(key_for(Account, request.account))
    if account is None:
        raise AccountNotFoundError(request.account)
    if account.name == request.name:
        return Outcome(RenameAccountResult(account))
    renamed = rename_account(account, request.name)
    return Outcome(RenameAccountResult(renamed), (Replace(renamed, read=account),))
