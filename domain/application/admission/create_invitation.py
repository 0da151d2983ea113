"""Make an invitation: a link by which a number of people may open accounts."""

from dataclasses import dataclass
from datetime import datetime

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.membership import require_admin_account
from domain.application.shared.transaction import Decision, Proposal, Reply, Transaction
from domain.model.admission.invitation import Invitation, SignedInvitation, create_invitation, sign_invitation
from domain.model.kernel.caller import Caller, Role
from domain.port.out.clock import Clock
from domain.port.out.records import Insert, InvitationKey, RecordReader


@dataclass(frozen=True, slots=True)
class CreateInvitationRequest:
    """How many people, until when, and who asks."""

    caller: Caller
    count: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class CreateInvitationResult:
    """The invitation with its token."""

    signed: SignedInvitation


class CreateInvitation:
    """The use case."""

    def __init__(self, records: RecordReader, transaction: Transaction, clock: Clock, secrets: InstanceSecrets) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock
        self._secrets = secrets

    async def execute(self, request: CreateInvitationRequest) -> CreateInvitationResult:
        """Make it, for an admin.

        Raises:
            PastExpiryError: it would have expired already.
            AccountNotFoundError: the caller has not opened an account.
            ForbiddenError: the caller is no admin.
        """
        invitation = create_invitation(request.count, request.expires_at, frozenset(), self._clock.now())
        await require_admin_account(self._records, request.caller)
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
        key = InvitationKey(invitation.id)
        signed = sign_invitation(await self._secrets.signing(), invitation)

        async def decide() -> Decision[SignedInvitation]:
            if (await self._records.read(key)).get(key) is not None:  # ours: a commit in doubt has arrived
                return Reply(signed)
            return Proposal((Insert(invitation),), signed)

        return (await self._transaction.run(invitation.id, decide)).answer
