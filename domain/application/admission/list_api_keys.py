"""List the bot keys of an account, newest first."""

from typing import NamedTuple

from domain.application.shared.membership import require_account_of
from domain.model.admission.api_key import ApiKey, as_it_stands
from domain.model.kernel.caller import Caller
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.admission import AdmissionRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListApiKeysRequest(NamedTuple):
    """Whose keys, and how many.

    Args:
        caller: who asks.
        limit: how many at the most.
        cursor: where the page before ended.
        account: whose keys, for an admin; None for the caller's own.
    """

    caller: Caller
    limit: int
    cursor: str | None = None
    account: str | None = None


class ListApiKeysResult(NamedTuple):
    """A page of them, without their secrets, which nobody knows."""

    page: Page[ApiKey]


class ListApiKeys:
    """The use case."""

    def __init__(self, records: RecordReader, admission: AdmissionRepository) -> None:
        self._records = records
        self._admission = admission

    async def execute(self, request: ListApiKeysRequest) -> ListApiKeysResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account, or nobody has opened that one.
            ForbiddenError: it is somebody else's, and the caller is no admin.
            InvalidCursorError: the cursor is none that this list gives.
        """
        names = {request.caller.account, request.account or request.caller.account}
        view = await self._records.read(*(key_for(Account, name) for name in names))
        account = require_account_of(view, request.caller, request.account)
        page = await self._admission.find_api_keys(account.id, request.limit, request.cursor)
        standing = tuple(as_it_stands(api_key, account) for api_key in page.items)
        return ListApiKeysResult(page._replace(items=standing))
