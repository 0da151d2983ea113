"""Forget an account: its name, its comments' texts and its credentials go, and its entries in the ledger stay."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from domain.application.shared.commands import Commands
from domain.application.shared.membership import require_account, require_admin
from domain.model.admission.api_key import ApiKey
from domain.model.admission.forgetting import Forgetting, Removed
from domain.model.admission.sign_in_link import SignInLinks
from domain.model.admission.standing import drop_api_key, forget
from domain.model.discussion.comment import Comment, Commenter
from domain.model.kernel.caller import Caller
from domain.model.kernel.command import Idempotency
from domain.model.kernel.errors import AccountNotFoundError, ContentionError, ForbiddenError
from domain.model.kernel.record import Key, key_for
from domain.model.ledger.account import Account, drop_draft
from domain.model.ledger.journal import HOUSE
from domain.model.trading.market import Market, MarketStatus
from domain.model.webhooks.webhook import Webhook, WebhookList, drop_webhook
from domain.port.out.admission import AdmissionRepository
from domain.port.out.store import Change, Decision, Insert, Outcome, Remove, Replace, Store, View

BATCH = 40
"""So many records are removed in one transaction: with what follows from them they are no more than a hundred items."""
ROUNDS = 40
"""So many transactions one request makes at the most; the next goes on."""


class ForgetAccountRequest(NamedTuple):
    """Whom to forget, and who asks."""

    caller: Caller
    account: str
    idempotency: Idempotency


class ForgetAccountResult(NamedTuple):
    """What was done, and whether this is an answer given before."""

    forgetting: Forgetting
    replayed: bool


class ForgetAccount:
    """The first transaction takes the name and closes the account for good; others remove the rest, some at a time.

    Whatever stops it in between, asking again goes on. What the account's owner has on the way at that moment either
    is there before the first transaction, and is found, or fails: the first transaction changes every record that
    writing a comment, a key, a draft or a webhook changes as well.

    Args:
        store: where all of it is.
        commands: where the deed is remembered under its key.
        admission: finds what there is to remove.
    """

    def __init__(self, store: Store, commands: Commands, admission: AdmissionRepository) -> None:
        self._store = store
        self._commands = commands
        self._admission = admission

    async def execute(self, request: ForgetAccountRequest) -> ForgetAccountResult:
        """Forget it; forgetting again removes what is left, and answers the same.

        Raises:
            AccountNotFoundError: the caller has opened no account, or there is none to forget.
            ForbiddenError: the caller is no admin, or asks for their own account: nobody could undo it.
            ContentionError: something is left to remove: asking again goes on.
        """
        caller, account = request.caller, request.account

        def decide(view: View, now: datetime) -> Decision[Forgetting]:
            require_account(view, caller)
            require_admin(caller)
            if caller.account == account:
                raise ForbiddenError("You cannot forget your own account: ask another admin.")
            return _begin(view, account, caller.account, now)

        keys = {key_for(Account, caller.account), *_changed(account)}
        reply = await self._commands.run(caller.account, request.idempotency, Forgetting, keys, decide)
        return ForgetAccountResult(await self._finish(account), reply.replayed)

    async def forget(self, account: str) -> Forgetting:
        """Forget it at the word of whoever runs the instance.

        Raises:
            AccountNotFoundError: there is none.
            ContentionError: something is left to remove: asking again goes on.
        """
        await self._store.transact(_changed(account), lambda view, now: _begin(view, account, HOUSE, now))
        return await self._finish(account)

    async def _finish(self, account: str) -> Forgetting:
        for _ in range(ROUNDS):
            found = await self._admission.find_personal(account, BATCH)
            if not found:
                return await self._end(account)
            await self._remove(account, found)
        raise ContentionError(
            "The account is closed and has no name any more; not all it wrote is removed yet. Ask again: it goes on."
        )

    async def _remove(self, account: str, found: Sequence[Key[Any]]) -> None:
        def decide(view: View, _: datetime) -> Decision[None]:
            removed = [stored for key in found if (stored := view.get(key)) and _is_still_theirs(stored, account)]
            return Outcome(None, _changes(view, account, removed) if removed else ())

        await self._store.transact([*_changed(account), *found], decide)

    async def _end(self, account: str) -> Forgetting:
        key = key_for(Forgetting, account)

        def decide(view: View, now: datetime) -> Decision[Forgetting]:
            begun = _stored(view, key)
            ended = begun.ended(now)
            return Outcome(ended, () if ended is begun else (Replace(ended, read=begun),))

        return await self._store.transact([key], decide)


def _changed(account: str) -> tuple[Key[Any], ...]:
    return tuple(key_for(kind, account) for kind in (Account, Forgetting, WebhookList, Commenter))


def _begin(view: View, account: str, by: str, now: datetime) -> Outcome[Forgetting]:
    """Take the name and close the account; what was begun before stays as it was.

    Raises:
        AccountNotFoundError: there is none.
    """
    stored = view.get(key_for(Account, account))
    if stored is None:
        raise AccountNotFoundError(account)
    if begun := view.get(key_for(Forgetting, account)):
        return Outcome(begun)
    forgetting = Forgetting(account, by, now)
    commenter, webhooks = view.get(key_for(Commenter, account)), view.get(key_for(WebhookList, account))
    return Outcome(
        forgetting,
        (
            Replace(forget(stored, now), read=stored),
            Insert(forgetting),
            # Only so that a comment, or a webhook, that is on its way fails and is decided again.
            Replace(replace(commenter, version=commenter.version + 1), read=commenter)
            if commenter
            else Insert(Commenter(account, now, 0)),
            Replace(replace(webhooks, version=webhooks.version + 1), read=webhooks)
            if webhooks
            else Insert(WebhookList(account, (), 0)),
        ),
    )


def _is_still_theirs(stored: object, account: str) -> bool:
    """Whether a record is to go: a draft may be published and everybody's by now, or another's of the same slug."""
    return not isinstance(stored, Market) or (stored.status is MarketStatus.DRAFT and stored.creator == account)


def _changes(view: View, account: str, removed: Sequence[object]) -> tuple[Change, ...]:
    before = _stored(view, key_for(Account, account))
    after, owned = before, view.get(key_for(WebhookList, account))
    listed = owned
    for each in removed:
        match each:
            case ApiKey():
                after = drop_api_key(after)
            case Market():
                after = drop_draft(after)
            case Webhook(id=id_) if listed:
                listed = drop_webhook(listed, id_)
    forgetting = _stored(view, key_for(Forgetting, account))
    changes: list[Change] = [Remove(each) for each in removed]
    changes.append(Replace(forgetting.with_removed(_count(removed)), read=forgetting))
    if after is not before:
        changes.append(Replace(after, read=before))
    if owned and listed and listed is not owned:
        changes.append(Replace(listed, read=owned))
    return tuple(changes)


def _count(removed: Sequence[object]) -> Removed:
    return Removed(
        comments=sum(isinstance(each, Comment) for each in removed),
        drafts=sum(isinstance(each, Market) for each in removed),
        api_keys=sum(isinstance(each, ApiKey) for each in removed),
        webhooks=sum(isinstance(each, Webhook) for each in removed),
        sign_in_links=sum(len(each.links) for each in removed if isinstance(each, SignInLinks)),
    )


def _stored[R](view: View, key: Key[R]) -> R:
    """A record that was stored when the forgetting began, and never goes."""
    stored = view.get(key)
    if stored is None:
        raise LookupError(f"{key} is gone")
    return stored
