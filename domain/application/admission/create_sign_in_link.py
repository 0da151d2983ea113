"""Make a sign-in link: a way back into an account that came by an invitation, on any device."""

from datetime import datetime
from typing import NamedTuple

from domain.application.admission.instance_secrets import InstanceSecrets
from domain.application.shared.membership import require_account
from domain.model.admission.sign_in_link import SignInLinks, add_link, make_link, sign_link
from domain.model.kernel.caller import Caller
from domain.model.kernel.errors import AccountNotFoundError, ForbiddenError
from domain.model.kernel.record import key_for
from domain.model.ledger.account import Account
from domain.port.out.clock import Clock
from domain.port.out.store import Decision, Insert, Outcome, Replace, Store, View


class CreateSignInLinkRequest(NamedTuple):
    """Into which account, until when, and who asks; None for the default life."""

    caller: Caller
    account: str
    expires_at: datetime | None = None


class CreateSignInLinkResult(NamedTuple):
    """The token that the link carries, and until when it may be used."""

    token: str
    expires_at: datetime


class CreateSignInLink:
    """For the account's owner, and for admins.

    Args:
        store: where links are kept.
        clock: for what expires.
        secrets: for what the instance signs.
    """

    def __init__(self, store: Store, clock: Clock, secrets: InstanceSecrets) -> None:
        self._store = store
        self._clock = clock
        self._secrets = secrets

    async def execute(self, request: CreateSignInLinkRequest) -> CreateSignInLinkResult:
        """Make it.

        Raises:
            PastExpiryError: it would have expired already.
            LateExpiryError: it would live too long.
            AccountNotFoundError: the caller has opened no account, or there is none of that name.
            ForbiddenError: the caller may not, or the account did not come by an invitation.
            LimitExceededError: the account has as many links as there may be.
        """
        secret = await self._secrets.signing()
        account_key, links_key = key_for(Account, request.account), key_for(SignInLinks, request.account)
        link = make_link(request.expires_at, self._clock.now())

        def decide(view: View, now: datetime) -> Decision[None]:
            require_account(view, request.caller)
            _permit(request)
            account, kept = view.get(account_key), view.get(links_key)
            if account is None:
                raise AccountNotFoundError(request.account)
            if account.invited_roles is None:
                raise ForbiddenError("This account did not come by an invitation: its owner signs in as before.")
            added = add_link(kept, account, link, now)
            if added is kept:  # a commit in doubt has arrived
                return Outcome(None)
            return Outcome(None, (Replace(added, read=kept) if kept else Insert(added),))

        keys = {key_for(Account, request.caller.account), account_key}
        await self._store.transact((*keys, links_key), decide)
        return CreateSignInLinkResult(sign_link(secret, request.account, link), link.expires_at)


def _permit(request: CreateSignInLinkRequest) -> None:
    if request.caller.account != request.account and not request.caller.is_admin:
        raise ForbiddenError("Only its owner or an admin may make a sign-in link for an account.")
    if request.caller.is_newly_linked:
        raise ForbiddenError("You came by a link that is less than a day old: it makes no other. Try again tomorrow.")
