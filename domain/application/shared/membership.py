"""Who has an account here, and who runs the instance."""

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account, require_remembered
from domain.port.out.store import RecordReader, View


def require_account(view: View, caller: Caller) -> Account:
    """The caller's account.

    Args:
        view: a reading that looked for the account.
        caller: who asks.

    Raises:
        AccountNotFoundError: the caller has opened none.
        ForbiddenError: it was forgotten, perhaps since the request was let in.
    """
    account = view.get(key_for(Account, caller.account))
    if account is None:
        raise AccountNotFoundError(caller.account)
    require_remembered(account)
    return account


def require_account_of(view: View, caller: Caller, account: str | None) -> Account:
    """An account whose credentials the caller may see and end: the caller's own, or for an admin anybody's.

    Args:
        view: a reading that looked for both accounts.
        caller: who asks.
        account: whose it is; None for the caller's own.

    Raises:
        AccountNotFoundError: the caller has opened none, or nobody has opened that one.
        ForbiddenError: it is somebody else's, and the caller is no admin.
    """
    own = require_account(view, caller)
    if account is None or account == caller.account:
        return own
    require_admin(caller)
    found = view.get(key_for(Account, account))
    if found is None:
        raise AccountNotFoundError(account)
    return found


async def require_admin_account(records: RecordReader, caller: Caller) -> None:
    """Let pass an admin who has opened an account.

    Raises:
        AccountNotFoundError: the caller has opened none.
        ForbiddenError: the caller is no admin.
    """
    require_account(await records.read(key_for(Account, caller.account)), caller)
    require_admin(caller)


def require_admin(caller: Caller) -> None:
    """Let admins pass.

    Raises:
        ForbiddenError: the caller is none.
    """
    if not caller.is_admin:
        raise ForbiddenError("Only an admin may do this.")
