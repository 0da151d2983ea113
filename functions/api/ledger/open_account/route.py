"""POST /v1/accounts."""

from http import HTTPStatus

from domain.application.ledger.open_account import OpenAccountRequest, OpenAccountResult
from domain.model.kernel.notation import format_micros, format_time
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.account import PersonName
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.idempotency import OptionalKey, mark_replay
from functions.adapter.in_.http.messages import Response
from functions.adapter.in_.http.schemas import Decimal, RequestBody, ResponseBody, Time


class OpenAccountBody(RequestBody):
    """What people are to call the account; its id where nothing is said."""

    name: PersonName | None = None


class AccountResponse(ResponseBody):
    """An account."""

    account: str
    name: str
    balance: Decimal
    created_at: Time


def create_route(open_account: UseCase[OpenAccountRequest, OpenAccountResult]) -> Route:
    """Open the account, or show it as it is: 200 where it was open."""

    async def endpoint(
        response: Response, caller: SignedInCaller, idempotency: OptionalKey, body: OpenAccountBody | None = None
    ) -> AccountResponse:
        result = await open_account.execute(OpenAccountRequest(caller, idempotency, body.name if body else None))
        mark_replay(response, replayed=result.replayed)
        if not result.opened.created:
            response.status_code = HTTPStatus.OK
        account = result.opened.account
        return AccountResponse(
            account=account.id,
            name=account.shown_name,
            balance=format_micros(account.balance.amount),
            created_at=format_time(account.created_at),
        )

    existed = {"model": AccountResponse, "description": "It was open already"}
    return endpoint_route("open_account", endpoint, {HTTPStatus.OK.value: existed})
