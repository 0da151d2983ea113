"""PATCH /v1/accounts/{account}."""

from domain.application.ledger.rename_account import RenameAccountRequest, RenameAccountResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PersonName, PublicAccountResponse
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import RequestBody


class RenameAccountBody(RequestBody):
    """What people are to call it."""

    name: PersonName


def create_route(rename_account: UseCase[RenameAccountRequest, RenameAccountResult]) -> Route:
    """Rename the account and show it as the public sees it."""

    async def endpoint(account: str, caller: SignedInCaller, body: RenameAccountBody) -> PublicAccountResponse:
        result = await rename_account.execute(RenameAccountRequest(caller, account, body.name))
        return PublicAccountResponse.of(result.account)

    return endpoint_route("rename_account", endpoint)
