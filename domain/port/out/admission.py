"""Listing what lets people and programs in. What is read may trail acknowledged writes; on one machine it does not."""

from typing import Protocol

from domain.model.admission.api_key import ApiKey
from domain.model.admission.invitation import Invitation
from domain.port.out.paging import Page


class AdmissionRepository(Protocol):
    """The bot keys and the invitations there are."""

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
