"""List the accounts there are, for admins."""

from typing import NamedTuple

from domain.application.shared.membership import require_admin_account
from domain.model.kernel.caller import Caller
from domain.model.ledger.account import Account
from domain.port.out.admission import AdmissionRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListPeopleRequest(NamedTuple):
    """How many, and who asks.

    Args:
        caller: who asks.
        limit: how many at most.
        cursor: where the page begins; None for the first.
        invitation: the id of an invitation, for those alone who came by it.
    """

    caller: Caller
    limit: int
    cursor: str | None = None
    invitation: str | None = None


class ListPeopleResult(NamedTuple):
    """A page of them, in no order; it may be shorter than its limit, or empty, although more follow."""

    page: Page[Account]


class ListPeople:
    """A walk over all accounts: each is met once."""

    def __init__(self, records: RecordReader, admission: AdmissionRepository) -> None:
        self._records = records
        self._admission = admission

    async def execute(self, request: ListPeopleRequest) -> ListPeopleResult:
        """Find a page.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
            InvalidCursorError: the cursor is none that this list gives.
        """
        await require_admin_account(self._records, request.caller)
        page = await self._admission.find_accounts(request.limit, request.cursor)
        if request.invitation is not None:
            came = tuple(account for account in page.items if account.invitation == request.invitation)
            page = Page(came, page.cursor)
        return ListPeopleResult(page)
