"""GET /v1/accounts/{account}."""

from domain.application.ledger.get_account import GetAccountRequest, GetAccountResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PublicAccountResponse
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route


def create_route(get_account: UseCase[GetAccountRequest, GetAccountResult]) -> Route:
    """The route over the use case."""

    async def endpoint(account: str, caller: OptionalCaller) -> PublicAccountResponse:
        return PublicAccountResponse.of((await get_account.execute(GetAccountRequest(account))).account)

    return endpoint_route("get_account", endpoint)
