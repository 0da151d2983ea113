"""GET /v1/accounts/{account}."""

from fastapi import APIRouter

from domain.application.ledger.get_account import GetAccountRequest, GetAccountResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PublicAccountResponse
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import endpoint_router


def create_router(get_account: UseCase[GetAccountRequest, GetAccountResult]) -> APIRouter:
    """The route over the use case."""

    async def endpoint(account: str, caller: OptionalCaller) -> PublicAccountResponse:
        return PublicAccountResponse.of((await get_account.execute(GetAccountRequest(account))).account)

    return endpoint_router("get_account", endpoint)
