"""POST /v1/api-keys."""

from enum import Enum
from typing import Annotated, ClassVar

from pydantic import Field

from domain.application.admission.create_api_key import CreateApiKeyRequest, CreateApiKeyResult
from domain.model.admission.api_key import MAX_KEY_NAME
from domain.model.kernel.caller import Scope
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.api_key import NewApiKeyResponse
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.caching import forbid_caching
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import Instant, Name, RequestBody


class KeyScope(Enum):
    """What a bot key can be good for."""

    READ = "read"
    TRADE = "trade"
    ADMIN = "admin"


class CreateApiKeyBody(RequestBody):
    """A bot key to make."""

    NULLABLE: ClassVar[frozenset[str]] = frozenset({"expires_at"})

    name: Name = Field(max_length=MAX_KEY_NAME, examples=["My forecaster"])
    scopes: list[Annotated[KeyScope, Field(strict=False)]] = Field(
        min_length=1, max_length=len(KeyScope), examples=[["read", "trade"]]
    )
    expires_at: Instant | None = None


def create_route(create_api_key: UseCase[CreateApiKeyRequest, CreateApiKeyResult]) -> Route:
    """The route over the use case."""

    async def endpoint(response: Response, caller: SignedInCaller, body: CreateApiKeyBody) -> NewApiKeyResponse:
        scopes = frozenset(Scope(scope.value) for scope in body.scopes)
        request = CreateApiKeyRequest(caller, body.name, scopes, body.expires_at)
        issued = (await create_api_key.execute(request)).issued
        forbid_caching(response)
        return NewApiKeyResponse.of_issued(issued)

    return endpoint_route("create_api_key", endpoint)
