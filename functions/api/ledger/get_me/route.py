"""GET /v1/me."""

from typing import Literal

from domain.application.ledger.get_me import GetMeRequest, GetMeResult
from domain.model.kernel.caller import Role, Scope
from domain.port.in_.use_case import UseCase
from functions.adapter.in_.http.authentication import SignedInCaller
from functions.adapter.in_.http.endpoint import Route, endpoint_route
from functions.adapter.in_.http.schemas import ResponseBody


class MeResponse(ResponseBody):
    """Whom the server takes the caller for."""

    account: str
    name: str | None
    opened: bool
    roles: list[Literal["creator", "admin"]]
    scopes: list[Literal["read", "trade", "admin", "keys"]]


def create_route(get_me: UseCase[GetMeRequest, GetMeResult]) -> Route:
    """Show the caller's account, roles and scopes."""

    async def endpoint(caller: SignedInCaller) -> MeResponse:
        result = await get_me.execute(GetMeRequest(caller))
        return MeResponse(
            account=caller.account,
            name=result.account.shown_name if result.account else None,
            opened=result.account is not None,
            roles=[role.value for role in Role if role in caller.roles],
            scopes=[scope.value for scope in Scope if scope in caller.scopes],
        )

    return endpoint_route("get_me", endpoint)
