"""GET /v1/accounts."""

from typing import Annotated

from pydantic import Field

from domain.application.ledger.list_accounts import ListAccountsRequest, ListAccountsResult
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PublicAccountResponse
from functions.adapter.in_.http.authentication import OptionalCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import ResponseBody, Slug

MOST = 100


class AccountsResponse(ResponseBody):
    """Those of the accounts asked for that exist, in the order asked."""

    accounts: list[PublicAccountResponse]


def create_route(list_accounts: UseCase[ListAccountsRequest, ListAccountsResult]) -> Route:
    """The route over the use case."""

    async def endpoint(
        caller: OptionalCaller,
        account: Annotated[list[Slug], Field(min_length=1, max_length=MOST, description="Whose; up to 100 times.")],
    ) -> AccountsResponse:
        found = await list_accounts.execute(ListAccountsRequest(account))
        return AccountsResponse(accounts=[PublicAccountResponse.of(each) for each in found.accounts])

    return endpoint_route("list_accounts", endpoint)
