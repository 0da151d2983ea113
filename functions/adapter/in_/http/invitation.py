"""Invitations as answers show them."""

from typing import Literal, Self

from pydantic import Field

from domain.model.admission.invitation import SignedInvitation, invitation_url
from domain.model.kernel.notation import format_time
from functions.adapter.in_.http.messages import Request
from functions.adapter.in_.http.schemas import ResponseBody, Time


class InvitationResponse(ResponseBody):
    """An invitation and its link."""

    id: str
    count: int = Field(examples=[30])
    used: int
    roles: list[Literal["creator", "admin"]]
    created_at: Time
    expires_at: Time
    url: str = Field(description="What to hand out: whoever has it may come in.")

    @classmethod
    def of(cls, signed: SignedInvitation, request: Request) -> Self:
        """The answer for an invitation."""
        invitation = signed.invitation
        return cls(
            id=invitation.id,
            count=invitation.count,
            used=invitation.used,
            roles=[role.value for role in invitation.roles],
            created_at=format_time(invitation.created_at),
            expires_at=format_time(invitation.expires_at),
            url=invitation_url(request.public_url, signed),
        )
