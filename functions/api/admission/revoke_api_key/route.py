"""DELETE /v1/api-keys/{id}."""

from domain.application.admission.revoke_api_key import RevokeApiKeyRequest, RevokeApiKeyResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.api_key import AccountOfKeys
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(revoke_api_key: UseCase[RevokeApiKeyRequest, RevokeApiKeyResult]) -> Route:
    """The route over the use case."""

    async def endpoint(id: str, caller: SignedInCaller, account: AccountOfKeys = None) -> None:
        await revoke_api_key.execute(RevokeApiKeyRequest(caller, id, account))

    return endpoint_route("revoke_api_key", endpoint)
