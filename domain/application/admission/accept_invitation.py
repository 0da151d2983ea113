"""Accept an invitation: somebody opens an account under a name they choose, and is in."""

import secrets
from dataclasses import dataclass

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.transaction import Decision, Proposal, Transaction, command_key, once, recall, remember
from domain.model.admission.invitation import Invitation, account_base, admit, read_invitation_token
from domain.model.admission.session import SESSION_LIFE, Session, SessionKind, session_token
from domain.model.admission.subject import GUEST_PREFIX
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.money import Money
from domain.model.ledger.account import OpenedAccount, open_account
from domain.model.ledger.command import Idempotency
from domain.model.ledger.journal import HOUSE
from domain.port.out.clock import Clock
from domain.port.out.records import AccountKey, Insert, InvitationKey, RecordReader, Replace, Snapshot

_NUMBERED = 9
"""So many people of one name are numbered; who comes after them gets random digits."""


@dataclass(frozen=True, slots=True)
class AcceptInvitationRequest:
    """The token of the link, and the name that a person chose."""

    invitation: str
    name: str


@dataclass(frozen=True, slots=True)
class AcceptInvitationResult:
    """The account that was opened, and the token that its owner signs in with from now on."""

    account: str
    token: str


class AcceptInvitation:
    """The use case.

    Args:
        records: where invitations and accounts are read.
        transaction: where they are written.
        clock: for what expires.
        instance_secrets: for what the instance signs.
        starting_grant: what a new account holds.
        has_issuer: whether accounts belong to an issuer's subjects too, from whom guests are then told apart.
    """

    def __init__(
        self,
        records: RecordReader,
        transaction: Transaction,
        clock: Clock,
        instance_secrets: InstanceSecrets,
        starting_grant: Money,
        *,
        has_issuer: bool,
    ) -> None:
        self._records = records
        self._transaction = transaction
        self._clock = clock
        self._secrets = instance_secrets
        self._starting_grant = starting_grant
        self._prefix = GUEST_PREFIX if has_issuer else ""

    async def execute(self, request: AcceptInvitationRequest) -> AcceptInvitationResult:
        """Open the account.

        Raises:
            ForbiddenError: the invitation is none, or admits nobody any more.
        """
        secret = await self._secrets.signing()
        id_ = read_invitation_token(secret, request.invitation)
        invitation = await self._find(InvitationKey(id_)) if id_ else None
        if invitation is None:
            raise ForbiddenError("This invitation is none of this instance's, or it was revoked.")
        account = await self._open(invitation, request.name)
        session = Session(account, frozenset(invitation.roles), self._clock.now() + SESSION_LIFE)
        return AcceptInvitationResult(account, session_token(secret, SessionKind.INVITATION, session))

    async def _find(self, key: InvitationKey) -> Invitation | None:
        return (await self._records.read(key)).get(key)

    async def _open(self, invitation: Invitation, name: str) -> str:
        """Open an account of that name and count it, at once; the command tells whether a commit in doubt arrived."""
        idempotency = Idempotency(secrets.token_hex(), invitation.id)
        command = command_key(f"invitation:{invitation.id}", idempotency)
        base = f"{self._prefix}{account_base(name)}"

        async def decide() -> Decision[OpenedAccount]:
            key, candidates = InvitationKey(invitation.id), _candidates(base)
            snapshot = await self._records.read(key, command, *candidates)
            if reply := recall(snapshot, command, idempotency, OpenedAccount):
                return reply
            current = snapshot.get(key)
            if current is None:
                raise ForbiddenError("This invitation was revoked. Ask whoever sent it for a new one.")
            now = self._clock.now()
            admitted = admit(current, now)
            movement = open_account(_first_free(candidates, snapshot), self._starting_grant, now)
            opened = OpenedAccount(movement.account, created=True)
            writes = (
                Replace(admitted, read=current),
                Insert(movement.account),
                Insert(movement.entry),
                remember(command, idempotency, opened, now),
            )
            return Proposal(writes, opened)

        decide_once = once(self._records, command, idempotency, OpenedAccount, decide)
        return (await self._transaction.run(invitation.id, decide_once)).answer.account.id


def _candidates(base: str) -> tuple[AccountKey, ...]:
    """Names to try: as it is, numbered, and one that nobody else has."""
    numbered = (f"{base}-{number}" for number in range(2, 2 + _NUMBERED))
    return tuple(AccountKey(name) for name in (base, *numbered, f"{base}-{secrets.token_hex(4)}") if name != HOUSE)


def _first_free(candidates: tuple[AccountKey, ...], snapshot: Snapshot) -> str:
    free = (key.account for key in candidates if snapshot.get(key) is None)
    return next(free, candidates[-1].account)  # should even the last be taken, the commit fails and others are tried
