"""DELETE /v1/api-keys/{id}."""

from fastapi import APIRouter

from domain.application.admission.revoke_api_key import RevokeApiKeyRequest, RevokeApiKeyResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(revoke_api_key: UseCase[RevokeApiKeyRequest, RevokeApiKeyResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller) -> None:
        await revoke_api_key.execute(RevokeApiKeyRequest(caller, id))

    return endpoint_router("revoke_api_key", endpoint)
