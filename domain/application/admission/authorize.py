"""Find out who is asking: the one place that believes a credential, whatever transport it came by."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.model.admission.api_key import (
    API_KEY_PREFIX,
    ApiKey,
    as_it_stands,
    caller_of_api_key,
    is_use_due,
    place_of_api_key,
)
from domain.model.admission.session import NEW_LINK, Session, read_session
from domain.model.admission.session_kind import SessionKind
from domain.model.admission.standing import demote, is_demoted, note_admin_key, note_invitation
from domain.model.admission.subject import GUEST_PREFIX, account_of_subject
from domain.model.kernel.caller import Caller, Role
from domain.model.kernel.errors import BadCredentialError, ContentionError
from domain.model.kernel.record import key_for, key_of
from domain.model.ledger.account import Account
from domain.port.out.clock import Clock
from domain.port.out.identity import Issuer
from domain.port.out.store import Decision, Outcome, Replace, Store, View


class AuthorizeRequest(NamedTuple):
    """Every Authorization header of a request, as it was sent."""

    credentials: tuple[str, ...]


class AuthorizeResult(NamedTuple):
    """Who is asking; None when the request carries no credential."""

    caller: Caller | None


class Authorize:
    """The use case.

    Args:
        store: where bot keys are, and where their last use is noted.
        clock: for what expires.
        secrets: for what the instance has signed.
        issuer: whose tokens count besides; None for nobody's.
        session_kinds: the sessions that count.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        secrets: InstanceSecrets,
        *,
        issuer: Issuer | None,
        session_kinds: frozenset[SessionKind],
    ) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets
        self._issuer = issuer
        self._session_kinds = session_kinds

    async def execute(self, request: AuthorizeRequest) -> AuthorizeResult:
        """Verify the credential.

        Raises:
            BadCredentialError: there is one, and it proves nothing, or there are several.
            ContentionError: it cannot be verified at the moment.
        """
        if not request.credentials:
            return AuthorizeResult(None)
        if len(request.credentials) > 1:
            raise BadCredentialError("Send one credential: one Authorization header.")
        scheme, _, text = request.credentials[0].partition(" ")
        return AuthorizeResult(await self._verify(scheme.lower(), text.strip(" ")))

    async def _verify(self, scheme: str, text: str) -> Caller:
        if scheme == "bearer" and text.isascii():
            return await self._caller_of_token(text)
        if scheme in {"key", "token"}:  # the latter is what programs written for Metaculus send
            return await self._caller_of_key(text)
        raise BadCredentialError("Send 'Authorization: Bearer <token>' or 'Authorization: Key <bot key>'.")

    async def _caller_of_token(self, token: str) -> Caller:
        """Most programs can only send Bearer, so a bot key may come that way too."""
        if token.startswith(API_KEY_PREFIX):
            return await self._caller_of_key(token)
        for kind in self._session_kinds:
            if token.startswith(f"{kind.value}_"):
                return await self._caller_of_session(kind, token)
        if self._issuer is None:
            raise BadCredentialError("This token is none of this instance's. Sign in again.")
        identity = await self._issuer.identify(token)
        account = account_of_subject(identity.subject)
        return await self._owner(Caller(account, identity.roles), await self._find(account))

    async def _caller_of_session(self, kind: SessionKind, token: str) -> Caller:
        """Whom the instance has let in itself.

        Where there is an issuer, accounts are its subjects', and those of guests: a session that an invitation opened
        before there was one may not be taken for a subject of the same name.
        """
        session = read_session(await self._secrets.signing(), kind, token)
        if session is None or (self._issuer and not session.account.startswith(GUEST_PREFIX)):
            raise BadCredentialError("This token is none of this instance's. Sign in again.")
        if session.expires_at <= self._clock.now():
            raise BadCredentialError("This token has expired. Sign in again.")
        account = await self._find(session.account)
        if account is not None and session.revocations != account.revocations:
            raise BadCredentialError("This token was revoked. Sign in again.")
        if account is not None and kind is SessionKind.INVITATION and account.invited_roles is None:
            given = tuple(role for role in Role if role in session.roles)
            await self._note(account, lambda stored: note_invitation(stored, given))
        caller = Caller(session.account, session.roles, is_newly_linked=self._is_newly_linked(session))
        return await self._owner(caller, account)

    def _is_newly_linked(self, session: Session) -> bool:
        return session.link_made_at is not None and self._clock.now() - session.link_made_at < NEW_LINK

    async def _owner(self, caller: Caller, account: Account | None) -> Caller:
        """The owner of an account, who may have ceased to be an admin: then the account's keys cease to be one's."""
        if account is None:
            return caller
        if is_demoted(account, caller.roles):
            await self._note(account, lambda stored: demote(stored) if is_demoted(stored, caller.roles) else stored)
        return replace(caller, is_suspended=True) if account.suspended else caller

    async def _caller_of_key(self, text: str) -> Caller:
        place = place_of_api_key(text)
        if place is None:
            raise _unknown_key()
        key, account_key = key_for(ApiKey, *place), key_for(Account, place[0])
        view = await self._store.read(key, account_key)
        api_key, account = view.get(key), view.get(account_key)
        if api_key is None or account is None or not self._is_good(api_key, account):
            raise _unknown_key()
        now, standing = self._clock.now(), as_it_stands(api_key, account)
        caller = caller_of_api_key(standing, text, now)
        if caller is None:
            raise _unknown_key()
        if caller.is_admin and not account.has_admin_keys:
            await self._note(account, note_admin_key)
        await self._note_use(api_key, now)
        return replace(caller, is_suspended=account.suspended)

    def _is_good(self, api_key: ApiKey, account: Account) -> bool:
        """Whether the key was not revoked with the account's other credentials, and may be used here."""
        is_here = not api_key.is_local or SessionKind.DEVELOPER in self._session_kinds
        return is_here and api_key.revocations == account.revocations

    async def _find(self, account: str) -> Account | None:
        key = key_for(Account, account)
        return (await self._store.read(key)).get(key)

    async def _note(self, account: Account, change: Callable[[Account], Account]) -> None:
        """Change the account as it is by then.

        Raises:
            ContentionError: it could not be changed: the credential is not believed before it is.
        """
        key = key_of(account)

        def decide(view: View, _: datetime) -> Decision[None]:
            stored = view.get(key)
            changed = change(stored) if stored else None
            return Outcome(None, (Replace(changed, read=stored),) if changed != stored else ())

        await self._store.transact([key], decide)

    async def _note_use(self, api_key: ApiKey, now: datetime) -> None:
        """Note the use, unless one was noted lately. When that fails, another request has noted its own, or will."""
        key = key_of(api_key)

        def decide(view: View, _: datetime) -> Decision[None]:
            stored = view.get(key)
            if stored is None or not is_use_due(stored, now):
                return Outcome(None)
            used = replace(stored, last_used_at=now, version=stored.version + 1)
            return Outcome(None, (Replace(used, read=stored),))

        if is_use_due(api_key, now):
            with suppress(ContentionError):
                await self._store.transact([key], decide)


def _unknown_key() -> BadCredentialError:
    return BadCredentialError("This key is unknown, expired or revoked. Make another with POST /v1/api-keys.")
