"""Bot keys as answers show them."""

from typing import Annotated, Any, Self

from pydantic import Field

from domain.model.admission.api_key import ApiKey, IssuedApiKey
from domain.model.kernel.caller import Scope
from domain.model.kernel.notation import format_time
from functions.adapter.in_.http.schemas import ResponseBody, Slug, Time

AccountOfKeys = Annotated[Slug | None, Field(description="Whose keys, for an admin; one's own unless given.")]


class ApiKeyResponse(ResponseBody):
    """A bot key, without the key itself."""

    id: str
    name: str
    scopes: list[Scope] = Field(examples=[["read", "trade"]])
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None = Field(description="To ten minutes.")

    @classmethod
    def of(cls, api_key: ApiKey) -> Self:
        """The answer for a key that is kept."""
        return cls(**_members(api_key))


class NewApiKeyResponse(ApiKeyResponse):
    """A bot key, with the key itself, which is shown this once."""

    key: str = Field(examples=["hk_…"])

    @classmethod
    def of_issued(cls, issued: IssuedApiKey) -> Self:
        """The answer for a new key."""
        return cls(**_members(issued.api_key), key=issued.text)


def _members(api_key: ApiKey) -> dict[str, Any]:
    return {
        "id": api_key.id,
        "name": api_key.name,
        "scopes": list(api_key.scopes),
        "created_at": format_time(api_key.created_at),
        "expires_at": format_time(api_key.expires_at) if api_key.expires_at else None,
        "last_used_at": format_time(api_key.last_used_at) if api_key.last_used_at else None,
    }
