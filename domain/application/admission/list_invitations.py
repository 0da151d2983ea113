"""List the invitations there are, newest first, with their links."""

from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.membership import require_admin_account
from domain.model.admission.invitation import SignedInvitation, sign_invitation
from domain.model.kernel.caller import Caller
from domain.port.out.admission import AdmissionRepository
from domain.port.out.paging import Page
from domain.port.out.store import RecordReader


class ListInvitationsRequest(NamedTuple):
    """How many, and who asks."""

    caller: Caller
    limit: int
    cursor: str | None = None


class ListInvitationsResult(NamedTuple):
    """A page of them."""

    page: Page[SignedInvitation]


class ListInvitations:
    """The use case."""

    def __init__(self, records: RecordReader, admission: AdmissionRepository, secrets: InstanceSecrets) -> None:
        self._records = records
        self._admission = admission
        self._secrets = secrets

    async def execute(self, request: ListInvitationsRequest) -> ListInvitationsResult:
        """Find a page, for an admin.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
            InvalidCursorError: the cursor is none that this list gives.
        """
        await require_admin_account(self._records, request.caller)
        page = await self._admission.find_invitations(request.limit, request.cursor)
        secret = await self._secrets.signing()
        signed = tuple(sign_invitation(secret, invitation) for invitation in page.items)
        return ListInvitationsResult(Page(signed, page.cursor))
