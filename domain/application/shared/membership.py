"""Who has an account here, and who runs the instance."""

from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.port.out.records import AccountKey, RecordReader, Snapshot


def require_account(snapshot: Snapshot, caller: Caller) -> None:
    """Let pass whoever has opened an account.

    Args:
        snapshot: a reading that looked for the account.
        caller: who asks.

    Raises:
        AccountNotFoundError: the caller has not.
    """
    if snapshot.get(AccountKey(caller.account)) is None:
        raise AccountNotFoundError(caller.account)


async def require_admin_account(records: RecordReader, caller: Caller) -> None:
    """Let pass an admin who has opened an account.

    Raises:
        AccountNotFoundError: the caller has opened none.
        ForbiddenError: the caller is no admin.
    """
    require_account(await records.read(AccountKey(caller.account)), caller)
    if not caller.is_admin:
        raise ForbiddenError("Only an admin may do this.")
