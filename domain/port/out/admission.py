"""Listing what lets people and programs in. What is read may trail acknowledged writes; on one machine it does not."""

from collections.abc import Sequence
from typing import Any, Protocol

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.model.kernel.record import Key
from domain.model.ledger.account import Account
from domain.port.out.paging import Page


class AdmissionRepository(Protocol):
    """The bot keys, the invitations and the accounts there are."""

    async def find_api_keys(self, account: str, limit: int, cursor: str | None = None) -> Page[ApiKey]:
        """An account's keys, newest first.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_invitations(self, limit: int, cursor: str | None = None) -> Page[Invitation]:
        """All invitations, newest first.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_accounts(self, limit: int, cursor: str | None = None) -> Page[Account]:
        """Accounts, in no order; a page may be shorter than its limit, or empty, although more follow.

        A walk from the first page to the last finds each account that was there when it began exactly once.

        Raises:
            InvalidCursorError: the cursor is none that this list gives.
        """
        ...

    async def find_personal(self, account: str, limit: int) -> Sequence[Key[Any]]:
        """Stored records that have a person's words or let somebody in, and are to go when the account is forgotten.

        These are its comments, drafts, bot keys, sign-in links and webhooks with all that is kept of their deliveries,
        and the remembered answers that show its name or a draft, whosever they are. Each acknowledged one is
        found, once those before it are removed; drafts may trail behind.

        Args:
            account: whose they are.
            limit: how many at the most.
        """
        ...
