"""Accept an invitation: somebody opens an account under a name they choose, and is in."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.commands import Commands
from domain.model.admission.invitation import Invitation, account_base, admit, read_invitation_token
from domain.model.admission.session import SESSION_LIFE, Session, session_token
from domain.model.admission.session_kind import SessionKind
from domain.model.admission.subject import GUEST_PREFIX
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import ForbiddenError
from domain.model.kernel.money import Money
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account, OpenedAccount, open_account
from domain.model.ledger.journal import HOUSE
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View

type Transliterate = Callable[[str], str]

_NUMBERED = 9
"""So many people of one name are numbered; who comes after them gets random digits."""


class AcceptInvitationRequest(NamedTuple):
    """The token of the link, and the name that a person chose."""

    invitation: str
    name: str


class AcceptInvitationResult(NamedTuple):
    """The account that was opened, its name, and the token that its owner signs in with from now on."""

    account: str
    name: str
    token: str


class AcceptInvitation:
    """The account is opened in the transaction that counts the invitation.

    Args:
        store: where invitations are read.
        commands: where accounts are opened.
        clock: for what expires.
        instance_secrets: for what the instance signs.
        starting_grant: what a new account holds.
        transliterate: writes a name of any script in Latin letters.
        has_issuer: whether accounts belong to an issuer's subjects too, from whom guests are then told apart.
    """

    def __init__(
        self,
        store: Store,
        commands: Commands,
        clock: Clock,
        instance_secrets: InstanceSecrets,
        *,
        starting_grant: Money,
        transliterate: Transliterate,
        has_issuer: bool,
    ) -> None:
        self._store = store
        self._commands = commands
        self._clock = clock
        self._secrets = instance_secrets
        self._starting_grant = starting_grant
        self._transliterate = transliterate
        self._prefix = GUEST_PREFIX if has_issuer else ""

    async def execute(self, request: AcceptInvitationRequest) -> AcceptInvitationResult:
        """Open the account.

        Raises:
            ForbiddenError: the invitation is none, or admits nobody any more.
        """
        secret = await self._secrets.signing()
        id_ = read_invitation_token(secret, request.invitation)
        invitation = await self._find(key_for(Invitation, id_)) if id_ else None
        if invitation is None:
            raise ForbiddenError("This invitation is none of this instance's, or it was revoked.")
        account = await self._open(invitation, request.name)
        session = Session(account, frozenset(invitation.roles), self._clock.now() + SESSION_LIFE)
        return AcceptInvitationResult(account, request.name, session_token(secret, SessionKind.INVITATION, session))

    async def _find(self, key: Key[Invitation]) -> Invitation | None:
        return (await self._store.read(key)).get(key)

    async def _open(self, invitation: Invitation, name: str) -> str:
        """Open an account of that name and count it, at once; the command tells whether a commit in doubt arrived."""
        idempotency = Idempotency(secrets.token_hex(), invitation.id)
        key, candidates = (
            key_for(Invitation, invitation.id),
            _candidates(f"{self._prefix}{account_base(self._transliterate(name))}"),
        )

        def decide(view: View, now: datetime) -> Decision[OpenedAccount]:
            current = view.get(key)
            if current is None:
                raise ForbiddenError("This invitation was revoked. Ask whoever sent it for a new one.")
            admitted = admit(current, now)
            movement = open_account(
                _first_free(candidates, view), self._starting_grant, now, name, invited_roles=current.roles
            )
            account = replace(movement.account, invitation=current.id)
            changes = (Replace(admitted, read=current), Insert(account), Insert(movement.entry))
            return Outcome(OpenedAccount(account, created=True), changes)

        owner = f"invitation:{invitation.id}"
        reply = await self._commands.run(owner, idempotency, OpenedAccount, (key, *candidates), decide)
        return reply.answer.account.id


def _candidates(base: str) -> tuple[Key[Account], ...]:
    """Names to try: as it is, numbered, and one that nobody else has."""
    numbered = (f"{base}-{number}" for number in range(2, 2 + _NUMBERED))
    return tuple(
        key_for(Account, name) for name in (base, *numbered, f"{base}-{secrets.token_hex(4)}") if name != HOUSE
    )


def _first_free(candidates: tuple[Key[Account], ...], view: View) -> str:
    names = [str(key.values[0]) for key in candidates if view.get(key) is None]
    return names[0] if names else str(candidates[-1].values[0])  # taken as well: the commit fails and is tried again
