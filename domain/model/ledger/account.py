"""Accounts, and the one function by which money moves."""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.model.kernel.caller import Role
from domain.model.kernel.command import answer
from domain.model.kernel.errors import (
    BalanceLimitExceededError,
    ForbiddenError,
    InsufficientFundsError,
    LimitExceededError,
)
from domain.model.kernel.money import BALANCE_LIMIT, ZERO, Money, add_money, negate_money
from domain.model.kernel.names import is_slug
from domain.model.kernel.notation import format_micros
from domain.model.kernel.record import record
from domain.model.ledger.journal import HOUSE, EntryKind, JournalEntry, Posting
from domain.model.trading.trade import Trade

MAX_DRAFTS = 100
_LIMITED_KINDS = frozenset({EntryKind.STARTING_GRANT, EntryKind.GRANT, EntryKind.SELL})


@record("account", key=("id",), counters=("seq", "revision"), later_counters=("revision",))
@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's credits.

    Args:
        id: the credential's subject.
        balance: never negative.
        seq: the sequence number of the account's last journal entry; the first entry is number 1.
        markets_held: how many open markets the account holds shares of.
        created_at: when it was opened.
        name: what people call it; None where nobody has given it a name.
        revision: counts the changes of the account that move no money.
        drafts: how many drafts of markets it has; those made before anybody counted are not in it.
        api_keys: how many bot keys it has; those made before anybody counted are not in it.
        suspended: whether its credentials are refused wherever an account is needed.
        revocations: how often its credentials were revoked. Each carries the number at its making, and is void once
            they differ: unlike instants, numbers stay in order when somebody sets the clock.
        demotions: how often its owner came without the role of an admin while it had keys of an admin; they carry the
            number at their making, and are an admin's no longer once they differ.
        has_admin_keys: whether it may have keys of an admin.
        invited_roles: what its invitation gave it beyond trading; None where it did not come by one, or came before
            that was kept and has not been used since.
        invitation: the id of the invitation it came by; None where it came by none, or before that was kept.
        forgotten_at: when it was forgotten; None where it was not. Then it has no name and stays suspended.
    """

    id: str
    balance: Money
    seq: int
    markets_held: int
    created_at: datetime
    name: str | None = None
    revision: int = 0
    drafts: int = 0
    api_keys: int = 0
    suspended: bool = False
    revocations: int = 0
    demotions: int = 0
    has_admin_keys: bool = False
    invited_roles: tuple[Role, ...] | None = None
    invitation: str | None = None
    forgotten_at: datetime | None = None

    @property
    def shown_name(self) -> str:
        """What people read: the name, or the id where there is none."""
        return self.name or self.id


@answer("OpenedAccount")
@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """An account, and whether it was opened by this very request or existed already."""

    account: Account
    created: bool


@answer("ChangedAccount")
@dataclass(frozen=True, slots=True)
class ChangedAccount:
    """An account after a change that moved no money."""

    account: Account


@dataclass(frozen=True, slots=True)
class Movement:
    """An account after a movement of money, and the journal entry that records it."""

    account: Account
    entry: JournalEntry


def open_account(
    id_: str,
    grant: Money,
    now: datetime,
    name: str | None = None,
    invited_roles: tuple[Role, ...] | None = None,
) -> Movement:
    """A new account holding the starting grant, which the house issues.

    Args:
        id_: the credential's subject.
        grant: what it holds at first.
        now: when it is opened.
        name: what people call it; None for its id.
        invited_roles: what its invitation gives it beyond trading; None where it comes by none.

    Raises:
        ForbiddenError: the name is one the ledger keeps for itself.
    """
    if id_ == HOUSE or not is_slug(id_):
        raise ForbiddenError(f"{id_!r} cannot be the name of an account.")
    empty = Account(id=id_, balance=ZERO, seq=0, markets_held=0, created_at=now, name=name, invited_roles=invited_roles)
    return move_money(empty, EntryKind.STARTING_GRANT, grant, HOUSE, now)


def move_money(
    account: Account,
    kind: EntryKind,
    amount: Money,
    counterparty: str,
    now: datetime,
    *,
    market: str | None = None,
    reason: str | None = None,
    trade: Trade | None = None,
    version: int | None = None,
    revision: int | None = None,
) -> Movement:
    """Move an amount between the counterparty and the account, as the account's next journal entry.

    Args:
        account: the account as it stands.
        kind: why the money moves.
        amount: signed: what the account receives, negative for what it pays.
        counterparty: the posting name on the other side: ``house`` or a market's pool.
        now: the instant of the entry.
        market: the slug the movement belongs to, if any.
        reason: what a person gave as the reason, if any.
        trade: the trade that the entry is, if any.
        version: the version of the market's book after the movement, if any.
        revision: the revision of the market's book after the movement, if any.

    Raises:
        InsufficientFundsError: the balance would be negative.
        BalanceLimitExceededError: a request, not a settlement, would lift the balance over the limit. What
            settlement owes is always paid.
    """
    balance = add_money(account.balance, amount)
    if balance.amount < 0:
        needed, held = format_micros(-amount.amount), format_micros(account.balance.amount)
        raise InsufficientFundsError(f"This takes {needed} credits and the balance is {held}. Take less, or earn more.")
    if kind in _LIMITED_KINDS and balance.amount > BALANCE_LIMIT.amount:
        raise BalanceLimitExceededError(f"A balance may not exceed {format_micros(BALANCE_LIMIT.amount)} credits.")
    entry = JournalEntry(
        account=account.id,
        seq=account.seq + 1,
        kind=kind,
        postings=(Posting(account.id, amount), Posting(counterparty, negate_money(amount))),
        balance_after=balance,
        market=market,
        reason=reason,
        created_at=now,
        trade=trade,
        version=version,
        revision=revision,
    )
    return Movement(replace(account, balance=balance, seq=entry.seq), entry)


def require_remembered(account: Account) -> None:
    """Let pass an account that was not forgotten.

    Raises:
        ForbiddenError: it was; nothing brings it back.
    """
    if account.forgotten_at is not None:
        raise ForbiddenError(f"The account {account.id!r} was forgotten. It stays closed, and has no name.")


def rename_account(account: Account, name: str) -> Account:
    """The account under another name.

    Raises:
        ForbiddenError: it was forgotten.
    """
    require_remembered(account)
    return replace(account, name=name, revision=account.revision + 1)


def add_draft(account: Account) -> Account:
    """The account with one draft more.

    Raises:
        LimitExceededError: it has MAX_DRAFTS.
    """
    if account.drafts >= MAX_DRAFTS:
        raise LimitExceededError(f"You have {MAX_DRAFTS} drafts, the most there may be. Publish or delete some.")
    return replace(account, drafts=account.drafts + 1, revision=account.revision + 1)


def drop_draft(account: Account) -> Account:
    """The account with one draft less."""
    return replace(account, drafts=max(0, account.drafts - 1), revision=account.revision + 1)
