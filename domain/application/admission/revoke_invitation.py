"""Revoke an invitation: it is gone, and those whom it has admitted stay."""

from datetime import datetime
from typing import NamedTuple

from domain.application.shared.membership import require_admin_account
from domain.model.admission.invitation import Invitation
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import NotFoundError
from domain.model.kernel.record import key_for
from domain.port.out.store import Decision, Outcome, Remove, Store, View


class RevokeInvitationRequest(NamedTuple):
    """Which invitation, and who asks."""

    caller: Caller
    id: str


class RevokeInvitationResult(NamedTuple):
    """It is revoked."""


class RevokeInvitation:
    """Sessions that it has opened stay good."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def execute(self, request: RevokeInvitationRequest) -> RevokeInvitationResult:
        """Remove it, for an admin.

        Raises:
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
            NotFoundError: there is no such invitation.
        """
        await require_admin_account(self._store, request.caller)
        key = key_for(Invitation, request.id)

        def decide(view: View, _: datetime) -> Decision[RevokeInvitationResult]:
            invitation = view.get(key)
            if invitation is None:
                if view.is_in_doubt:  # an earlier attempt of ours has removed it
                    return Outcome(RevokeInvitationResult())
                raise NotFoundError(
                    f"There is no invitation {request.id!r}. GET /v1/invitations lists those there are."
                )
            return Outcome(RevokeInvitationResult(), (Remove(invitation),))

        return await self._store.transact([key], decide)
