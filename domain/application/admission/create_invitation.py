"""Make an invitation: a link by which a number of people may open accounts."""

from datetime import datetime
from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.membership import require_admin_account
from domain.model.admission.invitation import Invitation, SignedInvitation, create_invitation, sign_invitation
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.record import key_for
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Store, View


class CreateInvitationRequest(NamedTuple):
    """How many people, until when, and who asks."""

    caller: Caller
    people: int
    expires_at: datetime


class CreateInvitationResult(NamedTuple):
    """The invitation with its token."""

    signed: SignedInvitation


class CreateInvitation:
    """Only admins invite, over HTTP; and whoever sits at the instance itself."""

    def __init__(self, store: Store, clock: Clock, secrets: InstanceSecrets) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets

    async def execute(self, request: CreateInvitationRequest) -> CreateInvitationResult:
        """Make it, for an admin.

        Raises:
            PastExpiryError: it would have expired already.
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
        """
        invitation = create_invitation(request.people, request.expires_at, frozenset(), self._clock.now())
        await require_admin_account(self._store, request.caller)
        return CreateInvitationResult(await self._keep(invitation))

    async def invite(self, count: int, expires_at: datetime, roles: frozenset[Role]) -> SignedInvitation:
        """Make one for whoever sits at the instance itself and may do everything anyway.

        Args:
            count: how many people.
            expires_at: until when.
            roles: what it gives them beyond trading. Over HTTP there are none: an admin makes no admins by a link.

        Raises:
            PastExpiryError: it would have expired already.
        """
        return await self._keep(create_invitation(count, expires_at, roles, self._clock.now()))

    async def _keep(self, invitation: Invitation) -> SignedInvitation:
        key = key_for(Invitation, invitation.id)
        signed = sign_invitation(await self._secrets.signing(), invitation)

        def decide(view: View, _: datetime) -> Decision[SignedInvitation]:
            if view.get(key) is not None:  # ours: a commit in doubt has arrived
                return Outcome(signed)
            return Outcome(signed, (Insert(invitation),))

        return await self._store.transact([key], decide)
