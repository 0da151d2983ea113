"""Accept a sign-in link: whoever shows it is signed in, once."""

import secrets
from datetime import datetime
from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.model.admission.session import SESSION_LIFE, Session, session_token
from domain.model.admission.session_kind import SessionKind
from domain.model.admission.sign_in_link import SignInLinks, find_link, read_link_token, use_link
from domain.model.kernel.errors import BadCredentialError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.store import Decision, Outcome, Replace, Store, View


class AcceptSignInLinkRequest(NamedTuple):
    """The token at the end of the link."""

    link: str


class AcceptSignInLinkResult(NamedTuple):
    """The account, and the token that its owner signs in with from now on."""

    account: str
    token: str


class AcceptSignInLink:
    """The session is what the account's invitation gave.

    Args:
        store: where links are kept.
        instance_secrets: for what the instance signs.
    """

    def __init__(self, store: Store, instance_secrets: InstanceSecrets) -> None:
        self._store = store
        self._secrets = instance_secrets

    async def execute(self, request: AcceptSignInLinkRequest) -> AcceptSignInLinkResult:
        """Sign in.

        Raises:
            BadCredentialError: the link is none of this instance's, or was used, revoked, or has expired.
        """
        secret = await self._secrets.signing()
        place = read_link_token(secret, request.link)
        if place is None:
            raise BadCredentialError("This link is none of this instance's.")
        session = await self._use(*place)
        return AcceptSignInLinkResult(session.account, session_token(secret, SessionKind.INVITATION, session))

    async def _use(self, name: str, id_: str) -> Session:
        """Use the link. The random name tells whether a commit in doubt was this request's, and has arrived."""
        account_key, links_key, by = key_for(Account, name), key_for(SignInLinks, name), secrets.token_hex(16)

        def decide(view: View, now: datetime) -> Decision[Session]:
            account, kept = view.get(account_key), view.get(links_key)
            used = use_link(kept, account, id_, by, now)
            made_at = find_link(used, id_).made_at
            roles = frozenset(account.invited_roles or ()) if account else frozenset()
            revocations = account.revocations if account else 0
            session = Session(name, roles, now + SESSION_LIFE, revocations, made_at)
            return Outcome(session, (Replace(used, read=kept),) if used != kept else ())

        return await self._store.transact([account_key, links_key], decide)
