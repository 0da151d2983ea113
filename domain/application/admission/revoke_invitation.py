"""Revoke an invitation: it is gone, and those whom it has admitted stay."""

from dataclasses import dataclass

from domain.application.shared.membership import require_admin_account
from domain.application.shared.transaction import Decision, Proposal, Transaction
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import NotFoundError
from domain.port.out.records import InvitationKey, RecordReader, Remove


@dataclass(frozen=True, slots=True)
class RevokeInvitationRequest:
    """Which invitation, and who asks."""

    caller: Caller
    id: str


@dataclass(frozen=True, slots=True)
class RevokeInvitationResult:
    """It is revoked."""


class RevokeInvitation:
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction) -> None:
        self._records = records
        self._transaction = transaction

    async def execute(self, request: RevokeInvitationRequest) -> RevokeInvitationResult:
        """Remove it, for an admin.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
            NotFoundError: there is no such invitation.
        """
        await require_admin_account(self._records, request.caller)
        key = InvitationKey(request.id)

        async def decide() -> Decision[RevokeInvitationResult]:
            invitation = (await self._records.read(key)).get(key)
            if invitation is None:
                raise NotFoundError(
                    f"There is no invitation {request.id!r}. GET /v1/invitations lists those there are."
                )
            return Proposal((Remove(invitation),), RevokeInvitationResult())

        return (await self._transaction.run(request.id, decide)).answer
