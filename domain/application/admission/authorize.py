"""Find out who is asking: the one place that believes a credential, whatever transport it came by."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.model.admission.api_key import API_KEY_PREFIX, ApiKey, caller_of_api_key, is_use_due, place_of_api_key
from domain.model.admission.session import SessionKind, read_session
from domain.model.admission.subject import GUEST_PREFIX, account_of_subject
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import BadCredentialError, ContentionError
from domain.model.kernel.record import Key, key_for, key_of
from domain.port.out.clock import Clock
from domain.port.out.identity import Issuer
from domain.port.out.store import Decision, Outcome, Replace, Store, View


@dataclass(frozen=True, slots=True)
class AuthorizeRequest:
    """Every Authorization header of a request, as it was sent."""

    credentials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorizeResult:
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
        if scheme == "key":
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
        return Caller(account_of_subject(identity.subject), identity.roles)

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
        return Caller(session.account, session.roles)

    async def _caller_of_key(self, text: str) -> Caller:
        place = place_of_api_key(text)
        api_key = await self._find(key_for(ApiKey, *place)) if place else None
        now = self._clock.now()
        caller = caller_of_api_key(api_key, text, now) if api_key else None
        if api_key is None or caller is None:
            raise BadCredentialError("This key is unknown, expired or revoked. Make another with POST /v1/api-keys.")
        await self._note_use(api_key, now)
        return caller

    async def _find(self, key: Key[ApiKey]) -> ApiKey | None:
        return (await self._store.read(key)).get(key)

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
